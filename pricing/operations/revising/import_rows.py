"""Rows of a table become rows of a revision, as far as they fit what is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kernel.errors import Text, Violation
from pricing.models import PriceItem, PriceRevision, ProposedPrice
from pricing.operations.revising.checking import violations_of
from pricing.queries.texts import columns_from, scope_key
from pricing.rules.price_table import Fault, TableRead, TableRow
from pricing.rules.revising import reference_of
from registry.models import Institution

_NATIONAL_DIGITS = 15
_ENTIRELY_OURS = {"PR-71", "PR-72", "PR-73"}
"""Not a fault of the file: what the whole revision lacks, and doubles, which are told with the number of the row."""

Told = tuple[str, str, str, Text, Text]
"""Cell, key of the column, what was typed, what is wrong, what to do."""


@dataclass
class Proposal:
    """What a file would put into a draft."""

    table: TableRead
    rows: list[ProposedPrice] = field(default_factory=list)
    """In the order of the file; empty where any of them is faulty."""
    violations: list[tuple[int, Violation]] = field(default_factory=list)
    """With the number of the row in the file."""

    @property
    def is_faulty(self) -> bool:
        """Whether anything has to be put right."""
        return bool(self.table.faults or self.violations)

    def faults(self) -> Iterator[Told]:
        """All of them, in any order; words in the language of the moment."""
        keys = {place: key for key, place in self.table.places.items()}
        for fault in self.table.faults:
            yield fault.cell, keys.get(_place(fault.cell), ""), fault.typed, fault.words, ""
        for number, violation in self.violations:
            _reference, column = reference_of(violation)
            column = "begins_on" if column == "effective" else column
            yield self.table.cell(column, number), column, "", violation.message, violation.way_on


def _place(cell: str) -> int:
    """Number of the column of a cell, 0 without one."""
    place = 0
    for letter in cell.rstrip("0123456789"):
        place = place * 26 + ord(letter) - 64
    return place


def proposal_of(
    revision: PriceRevision, table: TableRead, *, at: datetime, is_checked: bool = False
) -> Proposal:
    """Rows for a revision; its rules are asked only when every cell fits, or the words would mislead.

    ``is_checked`` leaves the rules out: they were asked when the file was read, and are when it is submitted.
    """
    known = _Known.of(table.rows, revision)
    made = [(row, _row(row, known, revision, table)) for row in table.rows]
    rows = [built for _row_read, built in made if built is not None]
    proposal = Proposal(table, rows)
    if not is_checked and not table.faults:
        _note_doubles(proposal)
        for violation in violations_of(revision, rows, at=at):
            reference, _column = reference_of(violation)
            if violation.rule not in _ENTIRELY_OURS and reference:
                proposal.violations.append((table.rows[int(reference)].number, violation))
    return proposal


def _note_doubles(proposal: Proposal) -> None:
    """Two rows for one item and scope on the same days, the later of them."""
    seen: dict[object, list[tuple[int, ProposedPrice]]] = {}
    for read, row in zip(proposal.table.rows, proposal.rows, strict=True):
        for number, other in seen.setdefault(scope_key(row), []):
            if _overlap(row, other):
                cell = proposal.table.cell("item", read.number)
                typed = read.texts["item"]
                proposal.table.faults.append(Fault(cell, "double", {"row": number}, typed))
                break
        seen[scope_key(row)].append((read.number, row))


def _overlap(one: ProposedPrice, other: ProposedPrice) -> bool:
    mine, its = one.effective, other.effective
    return bool(
        (its.upper is None or mine.lower < its.upper) and (mine.upper is None or its.lower < mine.upper)
    )


@dataclass(frozen=True)
class _Known:
    """Items and institutions by code."""

    items: Mapping[str, PriceItem]
    institutions: Mapping[str, Institution]

    @classmethod
    def of(cls, rows: Sequence[TableRow], revision: PriceRevision) -> "_Known":
        """Those that the rows name; two queries."""
        codes = {row.texts.get(key, "") for row in rows for key in ("item", "base_item")}
        # A spreadsheet may have taken the leading zeros off.
        codes |= {code.zfill(_NATIONAL_DIGITS) for code in codes if code.isdigit()}
        items = PriceItem.objects.filter(code__in=codes).select_related("main_item", "priced_as")
        own = {row.texts.get("institution", "") for row in rows} - {""}
        institutions = {each.code: each for each in Institution.objects.filter(code__in=own)} if own else {}
        if revision.institution is not None:
            institutions[revision.institution.code] = revision.institution
        return cls({item.code: item for item in items}, institutions)


def _row(read: TableRow, known: _Known, revision: PriceRevision, table: TableRead) -> ProposedPrice | None:
    """The row, not saved; None where a code is not known or the days do not fit, which is told."""
    faults = list(_code_faults(read, known, table))
    last = read.texts.get("last_on", "")
    if last and last < read.texts.get("begins_on", ""):
        faults.append(Fault(table.cell("last_on", read.number), "days", typed=last))
    table.faults.extend(faults)
    if faults or not {"item", "begins_on"} <= read.texts.keys():
        return None
    texts = read.texts
    values = columns_from(texts)
    # What the table leaves out is that of the revision.
    institution = known.institutions.get(texts.get("institution", ""), revision.institution)
    place = institution.region_code if institution else revision.document.region_code
    values["region_code"] = values["region_code"] or place
    return ProposedPrice(
        revision=revision,
        item=known.items[texts["item"]],
        base_item=known.items.get(texts.get("base_item", "")),
        institution=institution,
        **values,
    )


def _code_faults(read: TableRow, known: _Known, table: TableRead) -> Iterator[Fault]:
    for key in ("item", "base_item"):
        code = read.texts.get(key, "")
        padded = code.zfill(_NATIONAL_DIGITS)
        if code and code not in known.items:
            cell = table.cell(key, read.number)
            if code.isdigit() and padded in known.items:
                yield Fault(cell, "zeros_lost", {"code": padded}, code)
            else:
                yield Fault(cell, "item_unknown", typed=code)
    own = read.texts.get("institution", "")
    if own and own not in known.institutions:
        yield Fault(table.cell("institution", read.number), "institution_unknown", typed=own)
