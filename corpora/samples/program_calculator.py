# A calculator: a lexer, a recursive-descent parser and an evaluator, without comments worth keeping.
import math
import operator
import re
TOKEN = re.compile(r"""
    \s*(?:
        (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<operator>\*\*|//|[-+*/%(),=])
    )""", re.VERBOSE)
OPERATORS = {
    '+': (1, operator.add), '-': (1, operator.sub),
    '*': (2, operator.mul), '/': (2, operator.truediv), '//': (2, operator.floordiv), '%': (2, operator.mod),
    '**': (4, operator.pow),
}
class CalculatorError(ValueError):
    def __init__(self, message, position):
        super(CalculatorError, self).__init__(message)
        self.position = position
    def __str__(self):
        return "%s at %d" % (self.args[0], self.position)
def tokenize(text):
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if not match:
            raise CalculatorError('unexpected %r' % text[position], position)
        kind = match.lastgroup
        yield kind, match.group(kind), match.start(kind)
        position = match.end()
    yield 'end', '', position
class Parser(object):
    functions = dict(sqrt=math.sqrt, sin=math.sin, max=max, min=min, abs=abs)
    def __init__(self, names=None):
        self.names = {'pi': math.pi, 'e': math.e}
        self.names.update(names or {})
    def evaluate(self, text):
        self.tokens = list(tokenize(text)); self.index = 0
        if len(self.tokens) > 2 and self.tokens[0][0] == 'name' and self.tokens[1][1] == '=':
            name = self.tokens[0][1]
            self.index = 2
            self.names[name] = value = self.expression()
        else:
            value = self.expression()
        if self.kind != 'end': self.fail('unexpected %r' % self.value)
        return value
    kind = property(lambda self: self.tokens[self.index][0])
    value = property(lambda self: self.tokens[self.index][1])
    def fail(self, message):
        raise CalculatorError(message, self.tokens[self.index][2])
    def accept(self, value):
        if self.kind == 'operator' and self.value == value:
            self.index += 1
            return True
        return False
    def expect(self, value):
        if not self.accept(value): self.fail('%r expected' % value)
    def expression(self, level=0):
        left = self.unary()
        while self.kind == 'operator' and self.value in OPERATORS:
            precedence, function = OPERATORS[self.value]
            if precedence < level: break
            self.index += 1
            right = self.expression(precedence if function is operator.pow else precedence + 1)
            try: left = function(left, right)
            except ZeroDivisionError: self.fail('division by zero')
        return left
    def unary(self):
        if self.accept('-'): return -self.expression(3)
        if self.accept('+'): return +self.expression(3)
        return self.atom()
    def atom(self):
        kind, value, _ = self.tokens[self.index]
        if kind == 'number':
            self.index += 1
            return float(value) if not value.isdigit() else int(value)
        elif kind == 'name':
            self.index += 1
            if self.accept('('): return self.call(value)
            if value not in self.names: self.fail('unknown name %r' % value)
            return self.names[value]
        elif self.accept('('):
            result = self.expression()
            self.expect(')')
            return result
        self.fail('value expected')
    def call(self, name):
        arguments = []
        if not self.accept(')'):
            arguments.append(self.expression())
            while self.accept(','): arguments.append(self.expression())
            self.expect(')')
        return self.functions[name](*arguments)
if __name__ == '__main__':
    parser = Parser()
    while True:
        try: line = input('> ')
        except EOFError: break
        if not line.strip(): continue
        try: print(parser.evaluate(line))
        except (CalculatorError, KeyError) as error: print('error:', error)
