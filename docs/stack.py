class Stack:
    """Last in, first out."""

    def __init__(self, items=None):
        self.items = list(items or [])

    def push(self, item):
        if item is not None:
            self.items.append(item)  # None means: nothing to push
        return self

    def pop(self, default=None):
        try:
            return self.items.pop()
        except IndexError:
            return default
