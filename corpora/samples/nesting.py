"""Blocks and brackets many levels deep."""


def blocks(a):
    if a:
        for b in a:
            while b:
                try:
                    with b as c:
                        if c:
                            def inner(d):
                                class Deep:
                                    def method(self):
                                        for e in d:
                                            if e:
                                                if e.f:
                                                    try:
                                                        return e
                                                    finally:
                                                        while e:
                                                            if not e: break
                                                            else: e = e.next
                                    value = 1
                                return Deep
                        elif b:
                            pass
                except ValueError:
                    if b:
                        if c: pass
                        else:
                            if a: pass
                    else: break
                else:
                    continue
            else:
                return
    return a


brackets = [[[[[[[[[[1]]]]]]]]]]
mixed = {"a": [({"b": [({"c": (1, [2, {3: (4,)}])},)]},)]}
parens = ((((((((((1))))))))))
calls = str(str(str(str(str(str(str(len(str(abs(int(float("1"))))))))))))
subscripts = {0: {0: {0: {0: [[[[1]]]]}}}}[0][0][0][0][0][0][0][0]
lambdas = (lambda a: lambda b: lambda c: lambda d: (a, b, c, d))(1)(2)(3)(4)
ternaries = 1 if parens else 2 if calls else 3 if mixed else 4 if brackets else 5
right = 1 if (2 if (3 if (4 if parens else 5) else 6) else 7) else 8
boolean = (not (not (not (not (not (not True))))))
unary = - - - ~ ~ + + - 1
power = 2 ** 1 ** 2 ** 1 ** 2
comprehension = [[[[w for w in x] for x in y] for y in z] for z in [[[[1]]]]]
fields = f"""{f'''{f'{f"{1}"}'}'''}"""
attribute = "".join.__self__.join.__self__.join.__self__.join.__self__.join([])
if 1:
 if 2:
  if 3:
   if 4:
    if 5:
     if 6:
      if 7:
       deep = 7
      deep = 6
    else: deep = 5
  deep = 3
deep = 0
