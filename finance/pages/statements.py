"""Statements of institutions, month by month: on screen, on paper, as a workbook."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from billing.models import Bill
from finance.permissions import READERS
from finance.queries.account_words import account_word, institution_names
from finance.queries.statements import Line, Statement, bills_of, months_back, statement_of
from kernel import clock, spreadsheet
from kernel.presentation import iso
from kernel.spreadsheet import Cell
from registry.models import Institution


@require_safe
@role_required(*READERS)
def statements(request: HttpRequest) -> HttpResponse:
    """The page; ``?institution=`` and ``?month=`` stay in the address."""
    today = clock.day_of(clock.now())
    institutions = list(Institution.objects.order_by("pk"))
    one = _institution(request, institutions)
    month = _month(request.GET.get("month", ""), today)
    found = statement_of(one, month) if one else None
    context = {
        "rail": "finance",
        "tab": "statements",
        "institutions": institutions,
        "months": months_back(today),
        "month": month,
        "one": one,
        "statement": found,
        "books": _shown_books(found) if found else [],
        "is_over": (month.year, month.month) < (today.year, today.month),
    }
    return render(request, "finance/statements.html", context)


def _institution(request: HttpRequest, institutions: list[Institution]) -> Institution | None:
    """The one that is asked for, else the first; None when there is none at all.

    Raises:
        Http404: another one is asked for.
    """
    asked = request.GET.get("institution", "")
    if not asked:
        return next(iter(institutions), None)
    found = next((one for one in institutions if str(one.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _month(text: str, today: date) -> date:
    """The first day of a month written as year-month; this month's when it cannot be read."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _asked_for(institution_id: int, text: str) -> Statement:
    try:
        month = date.fromisoformat(f"{text}-01")
        one = Institution.objects.get(pk=institution_id)
    except (ValueError, Institution.DoesNotExist):
        raise Http404 from None
    return statement_of(one, month)


@require_safe
@role_required(*READERS)
def on_paper(request: HttpRequest, institution_id: int, month: str) -> HttpResponse:
    """The statement on A4; the browser prints it, or keeps it as PDF."""
    found, now = _asked_for(institution_id, month), clock.now()
    context = {
        "statement": found,
        "books": _shown_books(found),
        "printed_at": now,
        "is_over": found.last < clock.day_of(now),
    }
    return render(request, "finance/statement_on_paper.html", context)


def _shown_books(found: Statement) -> list[tuple[str, Decimal]]:
    """Shares and fees with their accounts in words."""
    names = institution_names()
    return [(account_word(account, names), amount) for account, amount in found.books]


@require_safe
@role_required(*READERS)
def workbook(request: HttpRequest, institution_id: int, month: str) -> HttpResponse:
    """The statement as XLSX: days, shares and fees, and every bill."""
    found = _asked_for(institution_id, month)
    sheets = {
        _("Day by day"): _days(found),
        _("Shares and fees"): _books(found),
        _("Bills"): _bills(bills_of(found.institution, found.first).iterator(2000)),
    }
    reply = HttpResponse(spreadsheet.xlsx(sheets), content_type=spreadsheet.CONTENT_TYPES["xlsx"])
    name = f"statement-{found.institution.code}-{month}.xlsx"
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def _heads() -> list[Cell]:
    return [
        _("Charged"), _("Given back"), _("Net"), _("Fund"), _("Personal account"), _("Family account"),
        _("Borne by the hospital"), _("Patient's cash"),
    ]  # fmt: skip


def _amounts(line: Line) -> list[Cell]:
    return [
        line.charged, line.given_back, line.net, line.fund, line.account, line.family, line.institution, line.cash,
    ]  # fmt: skip


def _days(found: Statement) -> Iterator[list[Cell]]:
    yield [_("Day"), _("Bills"), *_heads()]
    for day, line in found.days:
        yield [iso(day), line.bills, *_amounts(line)]
    yield [_("Total"), found.total.bills, *_amounts(found.total)]


def _books(found: Statement) -> Iterator[list[Cell]]:
    yield [_("Account"), _("Amount")]
    for words, amount in _shown_books(found):
        yield [words, amount]


def _bills(rows: Iterable[Bill]) -> Iterator[list[Cell]]:
    """Names masked: the sheet leaves the house."""
    yield [
        _("Bill"), _("Gives back of"), _("Patient"), _("Purpose"), _("Paid on"), _("Given back on"), _("Total"),
        _("Fund"), _("Personal account"), _("Family account"), _("Borne by the hospital"), _("Patient's cash"),
    ]  # fmt: skip
    for bill in rows:
        parts = bill.parts
        paid = [parts.fund, parts.account, parts.family, parts.institution, parts.cash] if parts else [""] * 5
        reverses = bill.reverses.number if bill.reverses else ""
        yield [
            bill.number, reverses, str(bill.encounter.patient), str(bill.get_purpose_display()),
            iso(bill.settled_at), iso(bill.refunded_at), bill.total_amount, *paid,
        ]  # fmt: skip
