"""The trial balance and the entries of an account as files for a spreadsheet."""

from collections.abc import Iterable, Iterator

from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _

from finance.queries.account_words import by_kind, detail_word, kind_word
from finance.queries.trial_balance import Movement, totals
from finance.rules.words import posting_word
from kernel import spreadsheet
from kernel.money import ZERO
from kernel.presentation import iso
from kernel.spreadsheet import Cell
from ledger.models import Entry


def heads() -> list[str]:
    """Of the columns of amounts."""
    return [
        _("Opening debit"), _("Opening credit"), _("Debit"), _("Credit"), _("Closing debit"), _("Closing credit"),
    ]  # fmt: skip


def balance_cells(rows: list[Movement], names: dict[str, str]) -> Iterator[list[Cell]]:
    """Every account, and the total."""
    yield [_("Ledger account"), _("With whom, what for"), *heads(), _("Announced")]
    for _kind, found in by_kind(rows):
        for row in found:
            words = str(kind_word(row.account)), detail_word(row.account, names)
            yield [*words, *row.columns, row.pending]
    yield [_("Total"), "", *totals(rows), ""]


def entry_cells(found: Iterable[Entry]) -> Iterator[list[Cell]]:
    """Every entry."""
    yield [
        _("Day"), _("Posted at"), _("What"), _("Bill"), _("Debit"), _("Credit"), _("Announced"), _("By"), _("Reason"),
        _("Key"),
    ]  # fmt: skip
    for entry in found:
        posting = entry.posting
        yield [
            iso(entry.on), posting.at.isoformat(timespec="seconds"), posting_word(posting.kind), posting.subject,
            max(entry.posted, ZERO), max(-entry.posted, ZERO), entry.pending,
            posting.by.display_name if posting.by else "", posting.reason, posting.key,
        ]  # fmt: skip


def download(form: str, name: str, title: str, rows: Iterator[list[Cell]]) -> StreamingHttpResponse:
    """The rows as CSV, piece by piece, or as a workbook.

    Raises:
        Http404: another form is asked for.
    """
    if form not in spreadsheet.CONTENT_TYPES:
        raise Http404
    content = spreadsheet.csv_lines(rows) if form == "csv" else iter([spreadsheet.xlsx({title: rows})])
    reply = StreamingHttpResponse(content, content_type=spreadsheet.CONTENT_TYPES[form])
    reply["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return reply
