"""Who changed what, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.models import AuditEntry
from kernel import presentation
from kernel.errors import Text
from pricing.models import AmountKindChoice, BandAxisChoice, InsuranceClass, PriceRevision
from pricing.rules.price_table import COLUMNS, Column, Form
from registry.models.institutions import Ownership
from registry.models.practitioners import Title

_ACTS: Mapping[str, Text] = {
    "created": gettext_lazy("Draft begun"),
    "described": gettext_lazy("Description changed"),
    "row_put": gettext_lazy("Row written"),
    "row_dropped": gettext_lazy("Row taken out"),
    "copied": gettext_lazy("Rows copied"),
    "imported": gettext_lazy("Rows taken from a file"),
    "submitted": gettext_lazy("Submitted for review"),
    "returned": gettext_lazy("Back to draft"),
    "approved": gettext_lazy("Approved"),
    "published": gettext_lazy("Published"),
    "superseded": gettext_lazy("Superseded"),
    "abandoned": gettext_lazy("Abandoned"),
}
_CHOICES: Mapping[str, Mapping[str, Text]] = {
    "kind": dict(AmountKindChoice.choices),
    "band_axis": dict(BandAxisChoice.choices),
    "ownership": dict(Ownership.choices),
    "title": dict(Title.choices),
    "insurance_class": dict(InsuranceClass.choices),
}
_MOST_ROWS = 20


@dataclass(frozen=True)
class ColumnChange:
    """One value."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """One row."""

    item: str
    is_new: bool
    is_gone: bool
    columns: list[ColumnChange]


@dataclass(frozen=True)
class Act:
    """One entry of the audit."""

    what: Text
    who: str
    at: datetime
    note: str
    rows: list[RowChange]
    more: str
    """How many rows of the entry are not shown."""


def acts_of(revision: PriceRevision, *, most: int | None = None) -> list[Act]:
    """Newest first; one query."""
    entries = AuditEntry.objects.filter(
        subject_type=PriceRevision._meta.label_lower, subject_id=str(revision.pk)
    ).select_related("by")
    return [_act(entry) for entry in entries.order_by("-sequence")[:most]]


def _act(entry: AuditEntry) -> Act:
    said = entry.facts.get("rows")
    changes: list[dict[str, Any]] = said if isinstance(said, list) else []
    left = len(changes) - _MOST_ROWS
    more = ngettext("and %(count)d more row", "and %(count)d more rows", left) % {"count": left}
    name = entry.action.rpartition(".")[2]
    return Act(
        what=_ACTS.get(name, name),
        who=str(entry.by) if entry.by else _("the system"),
        at=entry.at,
        note=_note(entry.facts),
        rows=[_row_change(change) for change in changes[:_MOST_ROWS]],
        more=more if left > 0 else "",
    )


def _note(facts: Mapping[str, Any]) -> str:
    if facts.get("by_change"):
        return _("because a row was changed")
    for key in ("note", "file", "from", "by_revision", "document"):
        if facts.get(key):
            return str(facts[key])
    return ""


def _row_change(change: Mapping[str, Any]) -> RowChange:
    before, after = _texts(change.get("before")), _texts(change.get("after"))
    told = after or before
    name = f"{told.get('item_name', '')} {told.get('item', '')}".strip()
    columns = [
        ColumnChange(heading_of(column), word(column, before), word(column, after))
        for column in COLUMNS
        if column.key not in {"item", "item_name"} and before.get(column.key) != after.get(column.key)
    ]
    return RowChange(name, is_new=not before, is_gone=not after, columns=columns)


def _texts(said: Any) -> Mapping[str, str]:
    """Of a publication ``before`` is the list of prices that gave way; the last of them is told."""
    if isinstance(said, list):
        return said[-1] if said else {}
    return said or {}


def heading_of(column: Column) -> str:
    """In the page's language."""
    return column.heading if presentation.is_chinese() else column.english


def word(column: Column, texts: Mapping[str, str]) -> str:
    """A value as a person reads it."""
    text = texts.get(column.key, "")
    if column.form is Form.FLAG and text:
        return _("yes") if text == "yes" else _("no")
    if presentation.is_chinese() and text in column.choices:
        return column.choices[text]
    return str(_CHOICES.get(column.key, {}).get(text, text))
