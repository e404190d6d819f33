# Numbers that touch the next word, and attributes of numbers.
x, y, r = 1, [1, 2, 3], 4

1if x else 2
1if 1else 2
0if x else 1
00if x else 1
1or 2
1and 2
1_0and 2
1in y
1not in y
1is x
1is not x
0in y
0not in y
1.if x else 2
1.or 2
1.and 2
1.5or 2
.5if x else.5
5 if x else.5
1or.5
1if.5else.1
1e5if x else 0
1.e5if x else 2
1E5or 2
1jif 1else 2j
1jand x
0b1or 2
0b1and 2
0b1in y
0b10if x else 1
0o7or 1
0o7and 1
0o1in y
0xfor x
0xain y
0x1if x else 2
[0x1for x in y]
[1for x in y]
{1:2for x in y}
(1for x in y)
not 1or 2
1,2if x else 3
1<2>1if 3else 4
1if x else-1
y[1or 2:3if y else 4]
lambda:0if x else 1
f'{1if x else 2}'
print(1,2if x else 3)
1 .real
1..real
1.0.real
1.5.real
.5.real
1e3.real
1e+5.real
1.e3.real
1j.imag
1.j.imag
0x1.real
0b1.real
0o7.real
0 .real
0..real
1_0 .real
(1).real
(1.).real
1 \
.real
-1 .real
1 . real
1. .real
1.. real
2**-1
2**-1.
2--1
2-+-1
1.+1
1.-.5
1.*.5
1.//.5
1.if.5else.5.real
y[1:.5if not x else 2]
y[0]if x else y[1]
"1"if x else"2"
x if 1else 2
for x in 1,2:x
while 0:pass
if 0:pass
elif 1:pass
assert 1,2
def f():return 1if x else 2
def g():yield 1;yield-1;return.5
