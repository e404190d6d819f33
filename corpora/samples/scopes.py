"""global, nonlocal and del, and names that live in several scopes."""

counter = 0
registry, cache = {}, []
global counter_at_module_level


def increment():
    global counter
    counter += 1


def several():
    global counter, registry, created
    created = counter, registry


def outer():
    total = 0
    history, unused = [], 1

    def add(n):
        nonlocal total, history
        total += n
        history.append(n)
        global counter; counter = total

    def reset():
        nonlocal total; total = 0
        nonlocal history
        del history
        history = []

    def deeper():
        def deepest():
            nonlocal unused
            unused = 2
        return deepest
    return add, reset, deeper()


def deleting():
    a = b = c = d = 1
    items = {"x": [1, 2, 3], "y": 2}
    del a
    del b, c
    del (d)
    del items["x"][0]
    del items["x"][0:1], items["x"]
    del (items["y"])
    e, f, g = 1, 2, 3
    del (e, f), [g]
    del deleting.attribute, items,
    del ()
    del []


class Scoped:
    counter = 1
    global from_class_body
    from_class_body = counter

    def method(self):
        return counter, self.counter, [counter for counter in range(3)]

    del counter


if True: del cache
for counter in range(2): del counter
print(locals(), globals(), sep="\n")
