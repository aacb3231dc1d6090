"""Differences as a file for a spreadsheet: heads in the page's language, amounts in yuan, days as in ISO 8601."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from kernel import spreadsheet
from kernel.spreadsheet import Cell
from reconciliation.models import Difference
from reconciliation.pages.words import status_in_words
from reconciliation.rules.parts import Parts


def heads() -> list[str]:
    """Names of the columns."""
    sides = [_("with us"), _("with them"), _("difference")]
    parts = [_("Total"), _("Fund"), _("Personal account"), _("Cash by the patient")]
    amounts = [f"{part}, {side}" for side in sides for part in parts]
    return [
        _("Day"), _("Compared with"), _("Institution"), _("Kind"), _("What"), _("Record number"), _("Their other number"), _("Bill"),
        *amounts, _("Status with us"), _("Status with them"), _("State"), _("Looked after by"),
        _("Explained or corrected by"), _("Agreed to by"), _("Found at"), _("Closed at"),
    ]  # fmt: skip


def csv_lines(rows: Iterable[Difference]) -> Iterator[str]:
    """The file piece by piece, in UTF-8 with a mark, as spreadsheets want it."""
    return spreadsheet.csv_lines(_all_cells(rows))


def xlsx(rows: Iterable[Difference]) -> bytes:
    """A workbook of one sheet; amounts are numbers with two places."""
    return spreadsheet.xlsx({_("Differences"): _all_cells(rows)})


def _all_cells(rows: Iterable[Difference]) -> Iterator[list[Cell]]:
    yield list(heads())
    for row in rows:
        yield _cells(row)


def _cells(row: Difference) -> list[Cell]:
    comparison = row.comparison
    return [
        comparison.day.isoformat(), str(comparison.get_source_display()), str(comparison.institution or ""),
        str(row.get_kind_display()), str(row.get_subject_display()), row.key, row.other_key,
        row.bill.number if row.bill else "",
        *_amounts(row.ours), *_amounts(row.theirs), *_amounts(row.gap),
        status_in_words(row.our_state), status_in_words(row.their_state), str(row.get_state_display()),
        row.taken_by.display_name if row.taken_by else _("Insurance office"),
        row.answered_by.display_name if row.answered_by else "", row.agreed_by.display_name if row.agreed_by else "",
        row.found_at.isoformat(timespec="seconds"),
        row.closed_at.isoformat(timespec="seconds") if row.closed_at else "",
    ]  # fmt: skip


def _amounts(parts: Parts | None) -> list[Cell]:
    if parts is None:
        return [""] * 4
    return [parts.total, parts.fund, parts.account, parts.cash]
