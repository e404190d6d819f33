"""Settings of the billing service, read from the environment."""

import os
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Dict, Mapping

_PREFIX = "BILLING_"


class SettingsError(ValueError):
    """A variable of the environment has a value that makes no sense."""


@dataclass(frozen=True)
class Settings:
    database_url: str = "postgresql+psycopg://localhost/billing"
    number_prefix: str = "RE-"
    payment_days: int = 14
    payment_tolerance: Decimal = Decimal("0.05")
    reminder_minimum: Decimal = Decimal("5.00")
    default_tax_rate: Decimal = Decimal("0.19")
    tax_rates: Dict[str, Decimal] = field(default_factory=dict)
    debug: bool = False


def _decimal(name: str, value: str) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        raise SettingsError(f"{_PREFIX}{name} must be a number, got {value!r}") from None


def _tax_rates(value: str) -> Dict[str, Decimal]:
    """Parse ``DE=0.19,FR=0.20``."""
    rates = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        country, separator, rate = part.partition("=")
        if not separator or len(country) != 2:
            raise SettingsError(f"{_PREFIX}TAX_RATES: cannot read {part!r}")
        rates[country.upper()] = _decimal("TAX_RATES", rate)
    return rates


def load(environ: Mapping[str, str]) -> Settings:
    """Build the settings from variables that begin with BILLING_; what is not set keeps its default."""
    values = {key[len(_PREFIX) :].lower(): value for key, value in environ.items() if key.startswith(_PREFIX)}
    known = Settings.__dataclass_fields__
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise SettingsError(f"unknown settings: {', '.join(unknown)}")
    parsed: Dict[str, object] = {}
    for name, value in values.items():
        if name == "tax_rates":
            parsed[name] = _tax_rates(value)
        elif name == "debug":
            parsed[name] = value.lower() in ("1", "true", "yes")
        elif name == "payment_days":
            parsed[name] = int(value)
        elif isinstance(known[name].default, Decimal):
            parsed[name] = _decimal(name.upper(), value)
        else:
            parsed[name] = value
    return Settings(**parsed)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return load(os.environ)
