"""Figures for people: a few digits and an SI prefix, ranges only where they are ranges."""

from __future__ import annotations

from typing import Final

from slimgrammar.report.formulas import Range

_PREFIXES: Final = ("n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z")
_PLAIN: Final = _PREFIXES.index("")


def shown(value: Range | None, unit: str) -> str:
    """A quantity with its unit.

    >>> shown(Range(1.5e-5, 2.25e-5), "Wh"), shown(Range(3e12, 3e12), "FLOP"), shown(None, "B")
    ('15.0–22.5 µWh', '3.00 TFLOP', '–')
    >>> shown(Range(1234.5, 1234.5), "$"), shown(Range(0.000123, 0.000123), "$")
    ('$1,234.50', '$0.000123')
    """
    if value is None:
        return "–"
    if unit == "$":
        return f"${value.high:,.2f}" if value.high >= 1 or value.high == 0 else f"${value.high:.3g}"
    scale, prefixed = scaled(value.high, unit)
    return f"{digits(value, scale)} {prefixed}"


def scaled(value: float, unit: str) -> tuple[float, str]:
    """The unit that suits `value`, and how many of `unit` it is.

    >>> scaled(4200.0, "Wh"), scaled(4200.0, "s")
    ((1000.0, 'kWh'), (3600.0, 'h'))
    """
    if unit == "s" and value >= 100:
        return (3600.0, "h") if value >= 3600 else (60.0, "min")
    if unit == "$":
        return 1.0, unit
    power = _power(value)
    return 1000.0**power, f"{_PREFIXES[power + _PLAIN]}{unit}"


def digits(value: Range | None, scale: float) -> str:
    """A quantity in units of `scale`, three digits: a number or a range."""
    if value is None:
        return "–"
    low, high = (_digits(end / scale) for end in value)
    return high if low == high else f"{low}–{high}"


def _power(value: float) -> int:
    """The power of a thousand whose prefix suits `value`."""
    power = 0
    while value >= 999.5 and power + _PLAIN < len(_PREFIXES) - 1:
        value, power = value / 1000, power + 1
    while 0 < value < 0.9995 and power + _PLAIN > 0:
        value, power = value * 1000, power - 1
    return power


def _digits(value: float) -> str:
    """Three digits.

    >>> [_digits(value) for value in (0.0, 1.234, 12.34, 123.4, 1234.5)]
    ['0', '1.23', '12.3', '123', '1234']
    """
    if value < 0.0995:
        return f"{value:.3g}"
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def saved(value: float, baseline: float) -> float:
    """Percent of `baseline` that is gone; 0 where there was nothing.

    >>> saved(80, 100)
    20.0
    """
    return 100.0 * (baseline - value) / baseline if baseline else 0.0
