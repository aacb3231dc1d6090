"""A tariff file, read and checked before any row is written."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Text, Violation
from kernel.period import Period
from pricing.rules import yaml_text
from pricing.rules.yaml_text import Place, PlacedText

SCHEMA = Path(__file__).resolve().parents[1] / "tariffs" / "schema.json"
CLASSES = {"甲": "01", "乙": "02", "丙": "03"}


class TariffFileBroken(DomainError):
    """A tariff file does not have the form of ``docs/tariff-format.md``; nothing was changed."""

    code = "tariff_file_broken"
    default_message = _("The tariff file cannot be read.")


@dataclass(frozen=True)
class TariffPrice:
    """One row of the section ``prices``."""

    item_code: str
    region_code: str
    institution_level: int | None
    title: str
    amount: Decimal
    insurance_class: str
    self_pay_rate: Decimal | None
    period: Period
    place: Place

    @property
    def scope(self) -> tuple[str, str, int | None, str]:
        """For what it is the price; two rows of one scope must not share a day."""
        return self.item_code, self.region_code, self.institution_level, self.title


@dataclass(frozen=True)
class TariffFile:
    """A document with its items and prices, as plain checked values."""

    name: str
    """Name of the file, for messages."""
    document: dict[str, Any]
    """As in the section ``document``."""
    period: Period
    items: tuple[dict[str, Any], ...]
    """As in the section ``items``."""
    prices: tuple[TariffPrice, ...]
    sha256: str
    """Over the content; comments and layout do not count."""

    @property
    def number(self) -> str:
        """Number of the document."""
        return str(self.document["number"])

    @property
    def supersedes(self) -> tuple[str, ...]:
        """Numbers of the documents that end where this begins."""
        return tuple(self.document.get("supersedes", ()))


def read_tariff(text: str, *, name: str) -> TariffFile:
    """Read and check the text of one tariff file.

    Raises:
        TariffFileBroken: every fault with line and column; faults of form hide those of meaning.
    """
    try:
        placed = yaml_text.read(text)
    except yaml_text.NotReadable as fault:
        raise TariffFileBroken(violations=[fault_at(name, fault.place, fault.message)]) from fault
    _refuse(name, _faults_of_form(placed))
    read = _file(placed, name)
    _refuse(name, _faults_of_meaning(read, placed))
    return read


def fault_at(name: str, place: Place, message: Text) -> Violation:
    """A violation whose message starts with file, line and column."""
    shown = {"file": name, "line": place.line, "column": place.column, "message": message}
    return Violation("PR-20", _("%(file)s, line %(line)s, column %(column)s: %(message)s") % shown)


def _refuse(name: str, faults: Iterator[tuple[Place, Text]]) -> None:
    found = sorted(faults, key=lambda fault: (fault[0].line, fault[0].column))
    if found:
        raise TariffFileBroken(violations=[fault_at(name, place, message) for place, message in found])


@cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))


def _faults_of_form(placed: PlacedText) -> Iterator[tuple[Place, Text]]:
    for error in _validator().iter_errors(placed.content):
        path = tuple(error.absolute_path)
        if error.validator == "required":
            for key in sorted(set(error.validator_value) - set(error.instance)):
                yield placed.place_of(path), _("“%(key)s” is missing.") % {"key": key}
        elif error.validator == "additionalProperties":
            for key in sorted(set(error.instance) - set(error.schema["properties"])):
                yield (
                    placed.place_of((*path, key)),
                    _("“%(key)s” is not a field of this format.") % {"key": key},
                )
        else:
            yield placed.place_of(path), _value_message(error.instance)


def _value_message(value: Any) -> Text:
    if isinstance(value, str):
        return _("“%(value)s” is not a value this field takes.") % {"value": value}
    return _("This field takes another kind of value.")


def _file(placed: PlacedText, name: str) -> TariffFile:
    content = placed.content
    document = content["document"]
    try:
        period = _period(document)
    except ValueError as fault:
        broken = fault_at(name, placed.place_of(("document", "until")), _("It ends before it begins."))
        raise TariffFileBroken(violations=[broken]) from fault
    return TariffFile(
        name=name,
        document=document,
        period=period,
        items=tuple(content["items"]),
        prices=tuple(_prices(placed, document, period, name)),
        sha256=hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )


def _prices(placed: PlacedText, document: dict[str, Any], whole: Period, name: str) -> Iterator[TariffPrice]:
    for index, row in enumerate(placed.content["prices"]):
        place = placed.place_of(("prices", index))
        try:
            period = _period(row, whole)
        except ValueError as fault:
            raise TariffFileBroken(
                violations=[fault_at(name, place, _("It ends before it begins."))]
            ) from fault
        yield TariffPrice(
            item_code=row["item"],
            region_code=row.get("region", document["region"]),
            institution_level=int(row["level"]) if "level" in row else None,
            title=row.get("title", ""),
            amount=Decimal(row["amount"]),
            insurance_class=CLASSES[row["class"]] if "class" in row else "",
            self_pay_rate=Decimal(row["self_pay_rate"]) if "self_pay_rate" in row else None,
            period=period,
            place=place,
        )


def _period(row: dict[str, Any], default: Period | None = None) -> Period:
    begin = date.fromisoformat(row["from"]) if "from" in row or default is None else default.begin
    if "until" in row:
        return Period(begin, date.fromisoformat(row["until"]))
    return Period(begin, default.end if default else None)


def _faults_of_meaning(read: TariffFile, placed: PlacedText) -> Iterator[tuple[Place, Text]]:
    if read.document["evidence"] != "D" and "source" not in read.document:
        yield placed.place_of(("document", "evidence")), _("A real document names its source.")
    seen: set[str] = set()
    for index, item in enumerate(read.items):
        if item["code"] in seen:
            message = _("The item “%(code)s” is given twice.") % {"code": item["code"]}
            yield placed.place_of(("items", index)), message
        seen.add(item["code"])
    without_price = {item["code"] for item in read.items if "priced_as" in item}
    for price in read.prices:
        if price.item_code in without_price:
            yield price.place, _("An item that is charged like another has no price of its own.")
        if not _within(price.period, read.period):
            yield price.place, _("The price holds on days when the document does not.")
    yield from _overlaps(read)


def _within(inner: Period, outer: Period) -> bool:
    return outer.begin <= inner.begin and (
        outer.end is None or (inner.end is not None and inner.end <= outer.end)
    )


def _overlaps(read: TariffFile) -> Iterator[tuple[Place, Text]]:
    by_scope: dict[tuple[str, str, int | None, str], list[TariffPrice]] = {}
    for price in read.prices:
        earlier = by_scope.setdefault(price.scope, [])
        for other in earlier:
            if other.period.overlaps(price.period):
                message = _("The row of line %(line)s holds for the same on some of these days.")
                yield price.place, message % {"line": other.place.line}
        earlier.append(price)
