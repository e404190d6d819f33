"""Every operator, with the precedences that parentheses must keep."""

a, b, c, d = 7, 3, 2, 5
m = type("M", (), {"__matmul__": lambda s, o: 1, "__imatmul__": lambda s, o: s, "__bool__": lambda s: True})()

# Binary operators.
print(a + b, a - b, a * b, a / b, a // b, a % b, a ** b, m @ m)
print(a << b, a >> b, a & b, a | b, a ^ b)

# Unary operators, stacked and beside binary ones.
print(+a, -a, ~a, not a)
print(--a, ++a, ~~a, -+~a, not not a)
print(a - -b, a + +b, a+-b, a-+b, a*-b, a**-b, a//-b, -a**b, (-a)**b, -a.bit_length(), (-a).bit_length())
print(not a == b, (not a) == b, not -a, -(not a), a if not b else c)
print(~a ** -b, 2 ** ~-b, - a)

# Boolean operators.
print(a and b, a or b, a and b and c, a or b or c)
print(a or b and c, (a or b) and c, a and (b or c), (a and b) or c, not (a and b), not a and b)
print((a and b) and c, a and (b and c), (a or b) or c, a or (b or c))

# Comparisons.
print(a < b, a > b, a <= b, a >= b, a == b, a != b)
print(a is b, a is not b, a in [b], a not in [b], a is not None)
print(a < b < c <= d, a == b != c is not d in [d] not in [[c]])
print((a < b) == (c < d), a < (b == c) < d, not a in [b], a in (b, c), (a in [b]) in [c])
print(a is (not b), a in [not b], not (a is b), -a in [b], a | b in [c], a in [b] or c)

# Precedence and associativity.
print(a + b * c, (a + b) * c, a * b + c, a * (b + c), a / b / c, a / (b / c), a - b - c, a - (b - c))
print(a ** b ** c, (a ** b) ** c, a << b << 1, a << (b << 1), a & b | c ^ d, a & (b | c) ^ d)
print(a | b & c ^ d, (a | b) & c, a + b << c, a + (b << c), a % b * c, a % (b * c), a * b % c)
print(a if b else c if d else a, (a if b else c) if d else a, a if (b if c else d) else a)
print((a if b else c) + d, a + (b if c else d), (a, b if c else d), [a if b else c, d])
print(a or b if c else d, a or (b if c else d), not a if b else c, lambda: a if b else c)
print((lambda: a)() or b, (a := 1) + 2, a, (a == b) if c else d)

# Augmented assignment.
a += 1
a -= 1
a *= 2
a /= 2
a //= 1
a %= 10
a **= 2
a = int(a)
a <<= 1
a >>= 1
a &= 255
a |= 1
a ^= 2
m @= m
a += b if c else d
a -= -b
a *= (yielded := 2) + yielded
a = a if a > 0 else -a
text = "%s" % a + "%d" % b * 2
text = -a % b if not text % () else text
