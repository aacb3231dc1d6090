"""A price row as texts: the form in which it is exported, compared, audited and imported."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from pricing.models import SCOPE, Price, ProposedPrice
from pricing.models.columns import PriceColumns
from pricing.rules.price_table.bands import bands_of, bands_text, plain
from pricing.rules.price_table.columns import COLUMNS, Form

ONE_DAY = timedelta(days=1)
_KEYS = tuple(column for column in COLUMNS if column.key not in {"item_name", "begins_on", "last_on"})
_DEFAULTS = {"takes_surcharges": "yes", "is_trial": "no", "kind": "fixed"}

ScopeKey = tuple[Any, ...]


def texts_of(row: PriceColumns) -> dict[str, str]:
    """Canonical texts by column; ``item``, ``institution`` and ``base_item`` must have been selected."""
    texts = {column.key: _text(getattr(row, column.key)) for column in _KEYS}
    period: DateRange = row.effective  # type: ignore[attr-defined]
    texts["item_name"] = row.item.name  # type: ignore[attr-defined]
    texts["begins_on"] = period.lower.isoformat()
    texts["last_on"] = (period.upper - ONE_DAY).isoformat() if period.upper else ""
    return {key: text for key, text in texts.items() if text and _DEFAULTS.get(key) != text}


def compared(texts: Mapping[str, str]) -> dict[str, str]:
    """What decides money: without the name."""
    return {key: text for key, text in texts.items() if key != "item_name"}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, list):
        return bands_text(value)
    # An item or an institution is told by its code.
    return str(getattr(value, "code", value))


def columns_from(texts: Mapping[str, str]) -> dict[str, Any]:
    """Values of a row's columns; item, base item and institution are left to who knows them."""
    values: dict[str, Any] = {}
    for column in _KEYS:
        if column.key not in {"item", "base_item", "institution"}:
            values[column.key] = _value(column.form, column.key, texts.get(column.key, ""))
    begin = date.fromisoformat(texts["begins_on"])
    last = texts.get("last_on")
    values["effective"] = DateRange(begin, date.fromisoformat(last) + ONE_DAY if last else None)
    return values


def _value(form: Form, key: str, text: str) -> Any:
    text = text or _DEFAULTS.get(key, "")
    if form in {Form.NUMBER, Form.FRACTION}:
        return Decimal(text) if text else None
    if form is Form.INTEGER or key == "institution_level":
        return int(text) if text else None
    if form is Form.FLAG:
        return text == "yes"
    if form is Form.BANDS:
        return bands_of(text) if text else []
    return text


def scope_key(row: Price | ProposedPrice) -> ScopeKey:
    """Item and scope, ages included: rows with the same key never hold on one day."""
    return (row.item_id, *(getattr(row, name) for name in SCOPE))
