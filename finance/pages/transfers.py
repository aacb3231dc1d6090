"""Money that the channels hand over to the bank: what they hold, what has arrived, and the form for it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import role_required, user_of
from finance.operations.transfers import enter_transfer
from finance.pages.forms import TransferForm
from finance.permissions import OFFICE, READERS
from finance.queries.transfers import held
from finance.queries.transfers import transfers as all_transfers
from kernel import clock
from kernel.errors import DomainError
from kernel.forms import show_refusal
from kernel.money import ZERO
from ledger.models import Posting
from ledger.rules import AccountKind
from payments.models import Channel

TO_A_PAGE = 50


@require_safe
@role_required(*READERS)
def transfers(request: HttpRequest) -> HttpResponse:
    """What the channels hold, and every transfer."""
    return _page(request, TransferForm(initial={"on": clock.day_of(clock.now())}))


def _page(request: HttpRequest, form: TransferForm, status: int = 200) -> HttpResponse:
    page = Paginator(all_transfers(), TO_A_PAGE).get_page(request.GET.get("page"))
    names = dict(Channel.choices)
    context = {
        "rail": "finance",
        "tab": "transfers",
        "held": [
            (institution, names.get(channel, channel), amount) for institution, channel, amount in held()
        ],
        "page": page,
        "lines": [_line(row) for row in page.object_list],
        "form": form,
        "may_act": user_of(request).is_in_any(OFFICE),
    }
    return render(request, "finance/transfers.html", context, status=status)


def _line(row: Posting) -> dict[str, object]:
    """A transfer in the words of its statement."""
    amounts = {entry.account.kind: entry for entry in row.entries.all()}
    clearing, fee = amounts.get(AccountKind.CHANNEL_CLEARING), amounts.get(AccountKind.CHANNEL_FEE)
    party = clearing.account.party if clearing else ""
    return {
        "row": row,
        "channel": dict(Channel.choices).get(party, party),
        "gross": -clearing.posted if clearing else ZERO,
        "fee": fee.posted if fee else ZERO,
    }


@require_POST
@role_required(*OFFICE)
def enter(request: HttpRequest) -> HttpResponse:
    """Book a transfer; what was typed is kept when it is refused."""
    form = TransferForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        institution = said.pop("institution")
        try:
            enter_transfer(institution_id=institution.pk, **said, by=user_of(request), at=clock.now())
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Booked."))
            return redirect("finance:transfers")
    return _page(request, form, status=422)
