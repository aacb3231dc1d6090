"""What institutions owe each other for services they gave together, and the payouts of it; amounts in yuan."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from finance.models import Payout
from finance.states import PayoutState
from ledger.models import Account
from ledger.queries import balance, balances_of
from ledger.rules import AccountKey, AccountKind
from registry.models import Institution

_UNDER_WAY = (PayoutState.DRAFTED, PayoutState.APPROVED)


@dataclass(frozen=True, slots=True)
class Debt:
    """What one institution owes another through a day."""

    payer: Institution
    payee: Institution
    amount: Decimal
    under_way: Payout | None


def owed_to(payer_id: int, payee_code: str, *, through: date | None) -> Decimal:
    """What the books of one institution owe another one through a day, it included; below zero it is owed to us."""
    account = AccountKey(AccountKind.INSTITUTION_PAYABLE, party=payee_code)
    return -balance(payer_id, account, through=through).posted


def open_payout(payer_id: int, payee_id: int) -> Payout | None:
    """The one payout between two institutions that is neither paid nor cancelled."""
    return Payout.objects.filter(payer=payer_id, payee=payee_id, state__in=_UNDER_WAY).first()


def debts(*, through: date) -> list[Debt]:
    """Everything owed between institutions through a day, nothing left out but what is zero and not under way.

    One statement for each institution that owes anything, three besides.
    """
    payers = Institution.objects.filter(
        pk__in=Account.objects.filter(kind=AccountKind.INSTITUTION_PAYABLE).values("institution")
    )
    payees = {one.code: one for one in Institution.objects.all()}
    waiting = {(row.payer_id, row.payee_id): row for row in Payout.objects.filter(state__in=_UNDER_WAY)}
    found = []
    for payer in payers.order_by("pk"):
        for row in balances_of(payer.pk, AccountKind.INSTITUTION_PAYABLE, through=through):
            payee = payees.get(row.account.party)
            if payee is not None and row.balance:
                found.append(Debt(payer, payee, -row.balance, waiting.get((payer.pk, payee.pk))))
    return found


def payouts() -> QuerySet[Payout]:
    """Newest first, with both institutions and everybody who acted."""
    about = ("payer", "payee", "drafted_by", "approved_by", "ended_by")
    return Payout.objects.select_related(*about).order_by("-pk")


def payout_numbered(number: str) -> Payout | None:
    """The payout of this number; None when there is none."""
    return payouts().filter(number=number).first()


def payouts_that_wait() -> int:
    """Payouts that are neither paid nor cancelled."""
    return Payout.objects.filter(state__in=_UNDER_WAY).count()
