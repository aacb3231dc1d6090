"""Old beside new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Text
from pricing.models import Price, ProposedPrice
from pricing.pages.office.presenters import wording
from pricing.pages.office.presenters.trail import ColumnChange, heading_of, word
from pricing.queries.texts import texts_of
from pricing.queries.versions import Change, Difference
from pricing.rules.price_table import BY_KEY

_WORDS: dict[Change, Text] = {
    Change.NEW: gettext_lazy("new"),
    Change.GONE: gettext_lazy("no longer there"),
    Change.RAISED: gettext_lazy("dearer"),
    Change.LOWERED: gettext_lazy("cheaper"),
    Change.OTHER: gettext_lazy("other terms"),
    Change.SAME: gettext_lazy("unchanged"),
}


@dataclass(frozen=True)
class Line:
    """One scope of one item."""

    name: str
    code: str
    scope: str
    old: str
    old_days: str
    new: str
    new_days: str
    kind: Change
    word: Text
    change: str
    others: list[ColumnChange]
    """What else differs, amounts apart."""


@dataclass(frozen=True)
class Sums:
    """How many lines of each kind; kinds without a line are left out."""

    counts: list[tuple[Change, Text, int]]


def lines_of(differences: Sequence[Difference], at: datetime) -> list[Line]:
    """Ready to be shown; no statement of its own."""
    return [_line(each, at) for each in differences]


def sums_of(differences: Sequence[Difference]) -> Sums:
    """In the order of the words."""
    counts = [(kind, sum(1 for each in differences if each.change == kind)) for kind in Change]
    return Sums([(kind, _WORDS[kind], count) for kind, count in counts if count])


def _line(difference: Difference, at: datetime) -> Line:
    old, new = _side(difference.old, at), _side(difference.new, at)
    scope = new[2] if difference.new is not None else old[2]
    return Line(
        name=wording.name_of(difference.item),
        code=difference.item.code,
        scope=scope,
        old=old[0],
        old_days=old[1],
        new=new[0],
        new_days=new[1],
        kind=difference.change,
        word=_WORDS[difference.change],
        change=wording.change_in_words(difference.by_amount, difference.by_rate),
        others=_others(difference),
    )


def _side(row: Price | ProposedPrice | None, at: datetime) -> tuple[str, str, str]:
    """Amount, days and scope in words."""
    if row is None:
        return _("none"), "", ""
    fact = wording.facts_of(row, None, at)
    amount = wording.amount_of(row, fact)
    bands = "; ".join(f"{band} {price}" for band, price in amount.bands)
    return f"{amount.text} {bands}".strip(), wording.days_of(row), wording.scope_of(row, fact)


def _others(difference: Difference) -> list[ColumnChange]:
    if difference.old is None or difference.new is None:
        return []
    before, after = texts_of(difference.old), texts_of(difference.new)
    shown = [key for key in difference.columns if key not in {"amount", "maximum_amount", "bands", "kind"}]
    return [ColumnChange(heading_of(BY_KEY[key]), word(BY_KEY[key], before), word(BY_KEY[key], after)) for key in shown]  # fmt: skip
