import { ApiClient, ApiError } from "./client";

export interface Product {
  id: string;
  name: string;
  price: number;
  stock: number;
  tags?: string[];
}

export interface CartLine {
  product: Product;
  quantity: number;
}

export type CartEvent =
  | { type: "added"; productId: string; quantity: number }
  | { type: "removed"; productId: string }
  | { type: "cleared" };

type Listener = (event: CartEvent) => void;

const STORAGE_KEY = "cart.v2";
const MAX_QUANTITY = 99;

/**
 * The shopping cart of the current visitor.
 *
 * It lives in local storage and is sent to the server when the visitor signs in, where both carts are merged.
 */
export class Cart {
  private lines = new Map<string, CartLine>();
  private listeners = new Set<Listener>();

  constructor(private readonly client: ApiClient, private readonly storage: Storage = window.localStorage) {
    this.restore();
  }

  get total(): number {
    let total = 0;
    for (const line of this.lines.values()) {
      total += line.product.price * line.quantity;
    }
    return Math.round(total * 100) / 100;
  }

  get count(): number {
    return [...this.lines.values()].reduce((sum, line) => sum + line.quantity, 0);
  }

  add(product: Product, quantity = 1): void {
    const existing = this.lines.get(product.id);
    const wanted = (existing?.quantity ?? 0) + quantity;
    if (wanted > Math.min(product.stock, MAX_QUANTITY)) {
      throw new RangeError(`only ${product.stock} of ${product.name} left`);
    }
    this.lines.set(product.id, { product, quantity: wanted });
    this.save();
    this.emit({ type: "added", productId: product.id, quantity });
  }

  remove(productId: string): boolean {
    const removed = this.lines.delete(productId);
    if (removed) {
      this.save();
      this.emit({ type: "removed", productId });
    }
    return removed;
  }

  clear(): void {
    this.lines.clear();
    this.storage.removeItem(STORAGE_KEY);
    this.emit({ type: "cleared" });
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Send the cart to the server and take over what it answers. */
  async sync(): Promise<void> {
    const payload = [...this.lines.values()].map(({ product, quantity }) => ({
      productId: product.id,
      quantity,
    }));
    try {
      const merged = await this.client.post<CartLine[]>("/cart/merge", { lines: payload });
      this.lines = new Map(merged.map((line) => [line.product.id, line]));
      this.save();
    } catch (error) {
      // An expired session is no reason to lose the cart
      if (error instanceof ApiError && error.status === 401) {
        return;
      }
      throw error;
    }
  }

  private save(): void {
    const lines = [...this.lines.values()];
    this.storage.setItem(STORAGE_KEY, JSON.stringify(lines));
  }

  private restore(): void {
    const saved = this.storage.getItem(STORAGE_KEY);
    if (!saved) {
      return;
    }
    try {
      for (const line of JSON.parse(saved) as CartLine[]) {
        this.lines.set(line.product.id, line);
      }
    } catch {
      this.storage.removeItem(STORAGE_KEY);
    }
  }

  private emit(event: CartEvent): void {
    for (const listener of this.listeners) {
      listener(event);
    }
  }
}
