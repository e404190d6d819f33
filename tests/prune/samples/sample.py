"""Orders of a small shop: a sample that holds every kind of statement the pruner knows."""

from __future__ import annotations

import logging as log
from decimal import Decimal

RATES = {"books": Decimal("0.07"), "food": Decimal("0.05")}


class OutOfStock(Exception):
    """An article is not there in the wanted amount."""

    def __init__(self, article: str, left: int = 0) -> None:
        super().__init__(f"{article}: only {left} left")
        self.article = article


def total(order, *, discount=None, **rates):
    """The price of an order, taxes included."""
    known = RATES | rates
    amount = Decimal(0)
    for line, (article, price) in enumerate(order):
        if price < 0:
            raise ValueError(f"line {line} has a negative price")
        elif not price:
            continue
        amount += price * (1 + known.get(article.kind, 0))  # the tax of its kind
    else:
        log.info("all lines read")
    return amount if discount is None else amount - discount(amount)


@log.traced
async def reserve(store, order, retries=3):
    taken = []
    while retries:
        try:
            async with store.lock() as held, store.audit():
                for article, count in order:
                    if store[article] < count: raise OutOfStock(article, store[article])
                    store[article] -= count; taken.append((article, count))
                return held
        except OutOfStock as problem:
            log.warning("stock: %s", problem)
            retries -= 1
            if retries == 0:
                break
        finally:
            store.release()
    match taken:
        case []:
            return None
        case [(name, int(count)), *rest] if rest:
            assert count > 0, name
        case _:
            del taken[:]
    return [name for name, count in taken if (half := count // 2) and half > 1]
