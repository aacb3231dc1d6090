"""What a tariff file says, as plain checked values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Text, Violation
from kernel.period import Period
from pricing.rules.facts import ChargeRuleFact, OpeningFact, PriceFact, SuccessionFact
from pricing.rules.yaml_text import Path, Place, PlacedText

Fault = tuple[Path, Text]
"""Where in the content, and what is wrong."""


class TariffFileBroken(DomainError):
    """A tariff file does not have the form of ``docs/tariff-format.md``; nothing was changed."""

    code = "tariff_file_broken"
    default_message = _("The tariff file cannot be read.")


@dataclass(frozen=True, slots=True)
class TariffPrice:
    """One price; its fact does not know the rows of the database yet: ``price_id`` and ``document_id`` are 0."""

    fact: PriceFact
    institution_code: str
    """Of the institution whose own price it is; empty for a price of the regulator."""
    path: Path


@dataclass(frozen=True, slots=True)
class TariffOpening:
    """One row of the section ``openings``."""

    fact: OpeningFact
    path: Path


@dataclass(frozen=True, slots=True)
class TariffSuccession:
    """One row of the section ``successions``."""

    fact: SuccessionFact
    path: Path


@dataclass(frozen=True, slots=True)
class TariffRule:
    """One row of the section ``rules``."""

    fact: ChargeRuleFact
    place: str
    """In the document, e.g. an article."""
    path: Path


@dataclass(frozen=True)
class TariffFile:
    """A document with what it sets."""

    name: str
    """Name of the file, for messages."""
    document: dict[str, Any]
    """As in the section ``document``."""
    period: Period
    items: tuple[dict[str, Any], ...]
    """As in the section ``items``."""
    prices: tuple[TariffPrice, ...]
    openings: tuple[TariffOpening, ...]
    successions: tuple[TariffSuccession, ...]
    rules: tuple[TariffRule, ...]
    sha256: str
    """Over the content; comments and layout do not count."""
    placed: PlacedText = field(repr=False, compare=False)

    @property
    def number(self) -> str:
        """Number of the document."""
        return str(self.document["number"])

    @property
    def supersedes(self) -> tuple[str, ...]:
        """Numbers of the documents that end where this begins."""
        return tuple(self.document.get("supersedes", ()))

    def fault(self, path: Path, message: Text) -> Violation:
        """A violation that tells file, line and column."""
        return fault_at(self.name, self.placed.place_of(path), message)


def fault_at(name: str, place: Place, message: Text) -> Violation:
    """A violation whose message starts with file, line and column."""
    shown = {"file": name, "line": place.line, "column": place.column, "message": message}
    return Violation("PR-20", _("%(file)s, line %(line)s, column %(column)s: %(message)s") % shown)


def refuse_faults(name: str, placed: PlacedText, faults: Iterable[Fault]) -> None:
    """Raise all faults in the order of the file, when there is one.

    Raises:
        TariffFileBroken: there is.
    """
    found = [(placed.place_of(path), message) for path, message in faults]
    if found:
        found.sort(key=lambda fault: (fault[0].line, fault[0].column))
        raise TariffFileBroken(violations=[fault_at(name, place, message) for place, message in found])
