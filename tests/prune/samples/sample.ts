// Orders of a small shop
import { Store } from "./store";

interface Line {
  readonly article: string;
  price: number;
  note?: string;
}

type Discount = (amount: number) => number;

enum Kind {
  Small = 1,
  Large,
}

export abstract class Orders<T extends Line> {
  constructor(private readonly store: Store, protected retries: number = 3) {}

  abstract audit(lines: T[]): void;

  public total(lines: T[], discount?: Discount): number {
    let amount = 0;
    for (const line of lines) {
      if (line.price < 0) {
        throw new RangeError(`negative: ${line.article}`);
      }
      amount += line.price as number;
    }
    return discount ? amount - discount(amount) : amount;
  }

  async reserve(order: T): Promise<boolean> {
    while (this.retries > 0) {
      try {
        await this.store.take(order!);
        return true;
      } catch (problem: unknown) {
        console.warn(problem);
        this.retries -= 1;
      }
    }
    switch (kindOf(order)) {
      case Kind.Small:
        return false;
      default:
        break;
    }
    return false;
  }
}

function kindOf(line: Line): Kind {
  return line.price > 100 ? Kind.Large : Kind.Small;
}
