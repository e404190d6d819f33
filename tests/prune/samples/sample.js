// Orders of a small shop
import store, { audit as check } from "./store.js";

const RATES = { books: 0.07, food: 0.05 };

/** An article is not there. */
class OutOfStock extends Error {
  #left = 0;
  constructor(article, left) {
    super(`${article}: only ${left} left`);
    this.#left = left;
  }
  get left() { return this.#left; }
}

export function total(order, { discount, ...rates } = {}) {
  let amount = 0;
  for (let i = 0; i < order.length; i++) {
    const { price, kind } = order[i];
    if (price < 0) {
      throw new RangeError("negative price");
    } else if (!price) continue;
    amount += price * (1 + (rates[kind] ?? RATES[kind]));
  }
  for (const line of order) check(line);
  return discount ? amount - discount(amount) : amount;
}

async function reserve(order, retries = 3) {
  outer: while (true) {
    try {
      do {
        await store.take(order);
        retries--;
      } while (retries);
      break outer;
    } catch (problem) {
      console.warn("stock", problem);
      if (--retries === 0) return null;
    } finally {
      store.release();
    }
  }
  switch (order.kind) {
    case "small":
      audit(1);
    case "large": {
      audit(2);
      break;
    }
    default:
      audit(/[a-z]+\/x/g);
  }
  for (const key in order) delete order[key];
  return order.filter(line => line.count > 1).map((line) => { return line.name; });
}
