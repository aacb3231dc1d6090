"""From the text of a file to checked values; every fault of one kind at once."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.period import Period
from pricing.rules import yaml_text
from pricing.rules.tariff_file.amounts import faults_of_amount
from pricing.rules.tariff_file.contents import Fault, TariffFile, TariffFileBroken, fault_at, refuse_faults
from pricing.rules.tariff_file.form import faults_of_form
from pricing.rules.tariff_file.meaning import faults_of_meaning
from pricing.rules.tariff_file.policy import opening_of, rule_of, succession_of
from pricing.rules.tariff_file.prices import prices_of
from pricing.rules.yaml_text import Path, PlacedText

_SECTIONS = ("prices", "openings", "rules")
"""Those whose rows have days of their own."""


def read_tariff(text: str, *, name: str) -> TariffFile:
    """Read and check the text of one tariff file.

    Raises:
        TariffFileBroken: every fault with line and column; faults of form hide those of meaning.
    """
    try:
        placed = yaml_text.read(text)
    except yaml_text.NotReadable as fault:
        raise TariffFileBroken(violations=[fault_at(name, fault.place, fault.message)]) from fault
    return read_content(placed, name=name)


def read_content(placed: PlacedText, *, name: str) -> TariffFile:
    """Check content that was read already, whatever it was written in.

    Raises:
        TariffFileBroken: see ``read_tariff``.
    """
    refuse_faults(name, placed, faults_of_form(placed.content))
    whole = _period(placed.content["document"])
    if whole is None:
        refuse_faults(name, placed, [(("document", "until"), _("It ends before it begins."))])
        raise AssertionError  # refused above
    rows = _Rows(placed.content, whole)
    file = _file(placed, rows, name)
    refuse_faults(name, placed, (*rows.faults, *faults_of_meaning(file)))
    return file


@dataclass
class _Rows:
    """Walks through the rows whose days and amounts can be read, and keeps the faults of the others."""

    content: dict[str, Any]
    whole: Period
    faults: list[Fault] = field(default_factory=list)

    def of(self, section: str) -> Iterator[tuple[dict[str, Any], Period, Path]]:
        for index, row in enumerate(self.content.get(section, ())):
            path = (section, index)
            period = _period(row, self.whole)
            faults = list(faults_of_amount(row, path)) if section == "prices" else []
            if period is None:
                faults.append((path, _("It ends before it begins.")))
            elif not faults:
                yield row, period, path
            self.faults.extend(faults)


def _period(row: dict[str, Any], default: Period | None = None) -> Period | None:
    """The days of a row, those of the document where it says none; None when they are the wrong way round."""
    begin = date.fromisoformat(row["from"]) if "from" in row or default is None else default.begin
    end = date.fromisoformat(row["until"]) if "until" in row else (default.end if default else None)
    return Period(begin, end) if end is None or begin < end else None


def _file(placed: PlacedText, rows: _Rows, name: str) -> TariffFile:
    content = placed.content
    document = content["document"]
    successions = enumerate(content.get("successions", ()))
    return TariffFile(
        name=name,
        document=document,
        period=rows.whole,
        items=tuple(content.get("items", ())),
        prices=tuple(
            price
            for row, period, path in rows.of("prices")
            for price in prices_of(row, period, path, document)
        ),
        openings=tuple(opening_of(*row, document) for row in rows.of("openings")),
        successions=tuple(
            succession_of(row, rows.whole, ("successions", index), document) for index, row in successions
        ),
        rules=tuple(rule_of(*row, document) for row in rows.of("rules")),
        sha256=content_hash(content),
        placed=placed,
    )


def content_hash(content: Any) -> str:
    """SHA-256 over the content; order of fields, comments and layout do not count."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
