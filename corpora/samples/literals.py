"""Every form of number and constant, and the displays that hold them."""

# Integers, in each base and with underscores.
ZERO = 0
ZEROS = 000_0
DECIMAL = 1234567890
GROUPED = 1_000_000
BINARY = 0b1010
BINARY_UPPER = 0B1111_0000
OCTAL = 0o755
OCTAL_UPPER = 0O644
HEX_LOWER = 0xdeadbeef
HEX_UPPER = 0XDEAD_BEEF
HEX_MIXED = 0x_fF
HUGE = 123456789012345678901234567890123456789012345678901234567890

# Floats.
PI = 3.14159
HALF = .5
WHOLE = 10.
EXPONENT = 1e10
EXPONENT_UPPER = 1E-5
SIGNED = 1.5e+300
GROUPED_FLOAT = 1_0.0_1e1_0
LEADING_ZEROS = 00012.5
OVERFLOW = 1e999
TINY = 5e-324
SAME_AS_ABOVE = 4.9406564584124654e-324

# Imaginary numbers.
IMAGINARY = 2j
IMAGINARY_UPPER = 3.5J
IMAGINARY_EXPONENT = 1e3j
IMAGINARY_POINT = .5j, 5.j, 00j, 0_9j

# Signs are operators, not parts of numbers.
NEGATIVE = -1
POSITIVE = +1
DOUBLE = - -1
INVERTED = ~0
POWER = -2 ** -2
COMPLEX = 3 - 4j

# Constants.
NOTHING = None
YES, NO = True, False
DOTS = ...
DEBUG = __debug__

# Displays, empty and full, with and without a last comma.
EMPTY = [], (), {}
LIST = [1, 2, 3]
LIST_COMMA = [1, 2, 3,]
TUPLE = (1, 2)
DICT = {"a": 1, 'b': 2}
DICT_COMMA = {"a": 1, **DICT,}
SET = {1, 2, 3}
SET_COMMA = {1,}
NESTED = {"list": [1, (2, {3: {4, 5}})], ("a", 1): {}}
SPREAD = [*LIST, *TUPLE, 4]
SPREAD_SET = {*SET, *LIST}
SPREAD_TUPLE = (*LIST,)
SPREAD_DICT = {**DICT, "c": 3, **{"d": 4}}
TABLE = {
    "first": [
        1,
        2,
    ],
    "second": {
        "x": -1.0,
        "y": +2.0,
    },
}
