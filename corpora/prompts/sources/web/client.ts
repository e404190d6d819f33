export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly body?: unknown,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export interface ClientOptions {
  baseUrl: string;
  timeoutMs?: number;
  retries?: number;
  token?: () => string | null;
}

const RETRYABLE = new Set([408, 429, 502, 503, 504]);

/** A thin wrapper around fetch: JSON in and out, a timeout, retries with a delay that grows. */
export class ApiClient {
  private readonly options: Required<ClientOptions>;

  constructor(options: ClientOptions) {
    this.options = { timeoutMs: 10_000, retries: 2, token: () => null, ...options };
  }

  get<T>(path: string, params: Record<string, string> = {}): Promise<T> {
    const query = new URLSearchParams(params).toString();
    return this.request<T>("GET", query ? `${path}?${query}` : path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>("POST", path, body);
  }

  private async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { baseUrl, retries, token } = this.options;
    for (let attempt = 0; ; attempt++) {
      const response = await this.fetchWithTimeout(baseUrl + path, {
        method,
        headers: {
          "Content-Type": "application/json",
          ...(token() ? { Authorization: `Bearer ${token()}` } : {}),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (response.ok) {
        return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
      }
      if (attempt < retries && RETRYABLE.has(response.status)) {
        await delay(2 ** attempt * 250 + Math.random() * 100);
        continue;
      }
      throw new ApiError(response.status, `${method} ${path} failed`, await safeJson(response));
    }
  }

  private async fetchWithTimeout(url: string, init: RequestInit): Promise<Response> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), this.options.timeoutMs);
    try {
      return await fetch(url, { ...init, signal: controller.signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function safeJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
