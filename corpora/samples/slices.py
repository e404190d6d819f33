"""Subscripts and slices of every shape."""

import sys


class Grid:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.last = key, value

    def __delitem__(self, key):
        self.last = key


grid = Grid()
items = list(range(10))
i, j, k = 1, 5, 2

items[0]
items[-1]
items[i]
items[:]
items[::]
items[i:]
items[:j]
items[i:j]
items[::k]
items[i::k]
items[:j:k]
items[i:j:k]
items[i:j:]
items[::-1]
items[-3:-1]
items[i + 1:j - 1]
items[i + 1 : j - 1 : k]
items[len(items) - 1:]
items[lambda_:=0]
items[(lambda: 1)():]
items[i if k else j:j]
items[not i:]

grid[0, 1]
grid[0,]
grid[(0, 1)]
grid[()]
grid[:, 1]
grid[1:2, ::3]
grid[..., 0]
grid[...]
grid[:, :, None]
grid[0:1, ..., -1:]
grid[:,]
grid["key"]
grid["a" "b"]
grid[{"a": 1}["a"]]
grid[[1, 2]]
grid[(1, 2), 3]
grid[*items]
grid[*items, 1]
grid[0, *items, 2:3]
grid[x := 3]
grid[(y := 4)]
grid[grid[grid[0]]]
grid[0][1][2]
grid[lambda x: x]
grid[lambda x: x, 1:2]
grid[i and j or k]
grid[i : j, k]
grid [1]
(grid)[1]
[1, 2, 3][0]
{"a": 1}["a"]
"text"[1]
"text"[::-1][0]
(1, 2)[0]
[[1]][0][0]
sys.argv[1:]
sys.modules["sys"].argv[0:1]
grid[0].imag if False else None

grid[0] = 1
grid[0:1, 2] = 3
items[2:4] = [0, 0]
items[::2] = items[1::2]
grid[0] += (1,)
grid["a"]: int = 1
del grid[0], items[0:1], items[::3]
del (grid[0])
for items[0] in range(3):
    pass
with_call = grid[max(1, 2):min(3, 4)]
multi_line = grid[
    0,  # first
    1:2,
    # alone
    ...,
]
