"""Quotes as text, byte for byte: what was asked, what was known, and what came out.

Canonical JSON: keys in order, no spaces, numbers of money as exact text, days as ISO, moments in Asia/Shanghai. A field
at its default is left out, so that a field added later does not change the text of what was said before.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pricing.rules.decoding import decoded, json_of
from pricing.rules.facts import Quote, QuoteContext, ServiceLine, TariffFacts
from pricing.rules.facts.charge_rules import ChargeRules

T = TypeVar("T")
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a quote was asked."""

    lines: tuple[ServiceLine, ...]
    context: QuoteContext


def asked_text(asked: Asked) -> str:
    """Canonical text of what was asked."""
    return canonical_text(asked)


def facts_text(facts: TariffFacts) -> str:
    """Canonical text of everything the quote could look at; the same whatever order the rows came in."""
    return canonical_text(
        replace(
            facts,
            prices={code: _in_order(prices) for code, prices in facts.prices.items()},
            successions=_in_order(facts.successions),
            openings=_in_order(facts.openings),
            rules=ChargeRules(_in_order(facts.rules)),
            charged=_in_order(facts.charged),
        )
    )


def quote_text(quote: Quote) -> str:
    """Canonical text of what came out."""
    return canonical_text(quote)


def read_asked(text: str) -> Asked:
    """The other way round.

    Raises:
        NotReadable: the text is not what ``asked_text`` writes.
    """
    return decoded(Asked, json_of(text))


def read_facts(text: str) -> TariffFacts:
    """The other way round.

    Raises:
        NotReadable: the text is not what ``facts_text`` writes.
    """
    return decoded(TariffFacts, json_of(text))


def digest_of(*texts: str) -> str:
    """SHA-256 over texts, in hexadecimal; canonical texts hold no line break, so none runs into the next."""
    return sha256("\n".join(texts).encode()).hexdigest()


def canonical_text(value: Any) -> str:
    """One value, however deep, as canonical JSON."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:
    """The value in the types of JSON.

    Raises:
        TypeError: a number that is not exact, or another type that no fact is made of.
        ValueError: a moment without a time zone.
    """
    if is_dataclass(value) and not isinstance(value, type):
        said = ((each.name, getattr(value, each.name), each) for each in fields(value))
        return {name: plain(held) for name, held, field in said if held != _default_of(field)}
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(plain(each) for each in value)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment has a time zone")
        return value.astimezone(_SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical text")


def _default_of(field: "Field[Any]") -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


def _in_order(rows: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(sorted(rows, key=canonical_text))
