"""A small inventory with a command line, as programs of this kind are written."""

import argparse
import csv
import json
import logging
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Dict, Iterable, List, Optional

logger = logging.getLogger(__name__)

DEFAULT_PATH = Path("inventory.json")
REQUIRED = ("sku", "name", "quantity")


class InventoryError(Exception):
    """Raised when an operation is not possible."""


@dataclass
class Item:
    """One kind of thing on the shelf."""

    sku: str
    name: str
    quantity: int = 0
    price: float = 0.0
    tags: List[str] = field(default_factory=list)

    def __post_init__(self):
        if self.quantity < 0:
            raise InventoryError(f"{self.sku}: negative quantity {self.quantity}")

    @property
    def value(self) -> float:
        return round(self.quantity * self.price, 2)


class Inventory:
    """Items by their number.

    >>> inventory = Inventory()
    >>> inventory.add(Item("a1", "screw", 10, 0.05))
    >>> inventory.total
    0.5
    """

    def __init__(self, items: Optional[Iterable[Item]] = None) -> None:
        self._items: Dict[str, Item] = {item.sku: item for item in items or ()}

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(sorted(self._items.values(), key=lambda item: item.sku))

    def __contains__(self, sku):
        return sku in self._items

    @property
    def total(self) -> float:
        return sum(item.value for item in self)

    def add(self, item: Item) -> None:
        # the same number again adds to the shelf
        if item.sku in self._items:
            self._items[item.sku].quantity += item.quantity
            return
        self._items[item.sku] = item

    def take(self, sku: str, count: int = 1) -> Item:
        try:
            item = self._items[sku]
        except KeyError:
            raise InventoryError("no such item: %r" % sku) from None
        if item.quantity < count:
            raise InventoryError(f"only {item.quantity} of {item.name!r} left, {count} wanted")
        item.quantity -= count
        if not item.quantity:
            logger.warning("%s is sold out", item.name)
        return item

    def by_tag(self) -> Dict[str, List[Item]]:
        groups = defaultdict(list)
        for item in self:
            for tag in item.tags or ["untagged"]:
                groups[tag].append(item)
        return dict(groups)

    @classmethod
    def load(cls, path: Path) -> "Inventory":
        if not path.exists():
            return cls()
        with path.open(encoding="utf-8") as stream:
            return cls(Item(**entry) for entry in json.load(stream))

    def save(self, path: Path) -> None:
        text = json.dumps([asdict(item) for item in self], indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")


def read_csv(path: Path) -> Iterable[Item]:
    with open(path, newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            missing = [key for key in REQUIRED if not row.get(key)]
            if missing:
                raise InventoryError(f"{path}:{number}: missing {', '.join(missing)}")
            yield Item(row["sku"], row["name"], int(row["quantity"]), float(row.get("price") or 0), row.get("tags", "").split())


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=DEFAULT_PATH)
    commands = parser.add_subparsers(dest="command", required=True)
    take = commands.add_parser("take", help="take items from the shelf")
    take.add_argument("sku")
    take.add_argument("-n", "--count", type=int, default=1)
    commands.add_parser("import").add_argument("csv", type=Path)
    commands.add_parser("list")
    args = parser.parse_args(argv)
    inventory = Inventory.load(args.file)
    try:
        if args.command == "take":
            print(inventory.take(args.sku, args.count))
        elif args.command == "import":
            for item in read_csv(args.csv):
                inventory.add(item)
        else:
            for item in inventory:
                print(f"{item.sku:<10}{item.name:<30}{item.quantity:>6}{item.value:>10.2f}")
    except InventoryError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    inventory.save(args.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
