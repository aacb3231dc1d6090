"""The trial balance of a day or more, and the entries of one account."""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import role_required
from finance.pages.books_asked import account_asked, account_query, period_asked, period_query, valid_period
from finance.pages.books_files import balance_cells, download, entry_cells, heads
from finance.permissions import READERS
from finance.queries.account_words import by_kind, detail_word, institution_names, kind_word
from finance.queries.trial_balance import Columns, Movement, gap, movements, totals
from finance.rules.words import posting_word
from kernel import clock
from kernel.money import ZERO
from kernel.presentation import iso
from ledger.models import Entry
from ledger.queries import closed_through, entries_of_account
from ledger.rules import AccountKey

FRAME = {"rail": "finance", "tab": "trial_balance"}
_TO_A_PAGE = 50


@require_safe
@role_required(*READERS)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """All accounts over a period; ``?institution=``, ``?first=`` and ``?last=`` stay in the address."""
    form = period_asked(request.GET)
    context: dict[str, Any] = FRAME | {"form": form, "today": clock.day_of(clock.now())}
    if not form.is_valid():
        return render(request, "finance/trial_balance.html", context, status=422)
    first, last = form.period
    rows, names = movements(form.institution_id, first, last), institution_names()
    context |= {
        "groups": [(kind_word(AccountKey(kind)), _told(found, names)) for kind, found in by_kind(rows)],
        "totals": _named(totals(rows)),
        "gap": gap(totals(rows)),
        "closed": closed_through(form.institution_id, through=last),
        "asked": period_query(form),
    }
    return render(request, "finance/trial_balance.html", context)


def _told(rows: list[Movement], names: dict[str, str]) -> list[dict[str, object]]:
    """Each with its words and with the address of its entries."""
    return [
        {
            "detail": detail_word(row.account, names),
            "columns": _named(row.columns),
            "pending": row.pending,
            "asked": account_query(row.account),
        }
        for row in rows
    ]


def _named(columns: Columns) -> list[tuple[str, Decimal]]:
    """Amounts under their heads, for a phone that shows no table."""
    return list(zip(heads(), columns, strict=True))


@require_safe
@role_required(*READERS)
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The trial balance as a file."""
    asked = valid_period(request)
    names, (first, last) = institution_names(), asked.period
    rows = movements(asked.institution_id, first, last)
    return download(
        form, f"trial-balance-{iso(first)}-{iso(last)}", _("Trial balance"), balance_cells(rows, names)
    )


@require_safe
@role_required(*READERS)
def entries(request: HttpRequest) -> HttpResponse:
    """The entries of one account over a period, newest first, paged."""
    account, form = account_asked(request.GET), period_asked(request.GET)
    detail = detail_word(account, institution_names())
    context: dict[str, Any] = FRAME | {
        "form": form,
        "kind": kind_word(account),
        "detail": detail,
        "account": account,
    }
    if not form.is_valid():
        return render(request, "finance/account_entries.html", context, status=422)
    first, last = form.period
    found = entries_of_account(form.institution_id, account, first=first, last=last)
    page = Paginator(found, _TO_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "page": page,
        "lines": [_line(entry) for entry in page.object_list],
        "by_itself": _("by itself"),
        "movement": next(
            (row for row in movements(form.institution_id, first, last) if row.account == account), None
        ),
        "asked": f"{period_query(form)}&{account_query(account)}",
        "balance_asked": period_query(form),
    }
    return render(request, "finance/account_entries.html", context)


def _line(entry: Entry) -> dict[str, object]:
    """An entry as the list shows it."""
    posting = entry.posting
    return {
        "day": entry.on,
        "word": posting_word(posting.kind),
        "reason": posting.reason,
        "bill": posting.subject,
        "debit": max(entry.posted, ZERO),
        "credit": max(-entry.posted, ZERO),
        "pending": entry.pending,
        "by": posting.by.display_name if posting.by else "",
        "at": posting.at,
    }


@require_safe
@role_required(*READERS)
def export_entries(request: HttpRequest, form: str) -> HttpResponseBase:
    """The entries of one account as a file."""
    account, asked = account_asked(request.GET), valid_period(request)
    first, last = asked.period
    found = entries_of_account(asked.institution_id, account, first=first, last=last)
    name = f"entries-{account.kind.value}-{iso(first)}-{iso(last)}"
    return download(form, name, _("Entries"), entry_cells(found.iterator(2000)))
