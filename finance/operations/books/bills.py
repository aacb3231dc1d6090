"""What happens to a bill: announced when it is opened, counted when it is paid, taken back when lines go back."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from billing.models import Bill, FeeDetail
from finance.operations.books.writing import bill_of, write
from finance.rules import postings
from finance.rules.postings import Kind
from kernel import clock
from kernel.money import ZERO
from ledger import operations as ledger
from ledger.models import Entry, Posting
from ledger.rules import AccountKey, AccountKind


def book_opened(bill_id: int) -> None:
    """What is charged is announced: it counts when the bill is paid."""
    bill = bill_of(bill_id)
    if lines := postings.charged(_earned(_lines_of(bill))):
        ledger.reserve(
            key=_key(bill, "opened"),
            kind=Kind.BILL_OPENED.value,
            institution_id=bill.encounter.institution_id,
            on=clock.day_of(bill.opened_at),
            at=bill.opened_at,
            lines=lines,
            subject=bill.number,
        )


def book_paid(bill_id: int) -> None:
    """What was announced counts, what the hospital bears is its own cost, and who has a share is owed it."""
    bill = bill_of(bill_id)
    at = bill.settled_at or bill.opened_at
    if _is_pending(bill):
        ledger.confirm(key=_key(bill, "paid"), pending_key=_key(bill, "opened"), on=clock.day_of(at), at=at)
    else:  # Opened before there were books, or of nothing.
        write(
            Kind.BILL_OPENED, _key(bill, "paid"), postings.charged(_earned(_lines_of(bill))), bill=bill, at=at
        )
    borne = postings.hospital_bears(bill.institution_amount or ZERO)
    write(Kind.HOSPITAL_BEARS, _key(bill, "borne"), borne, bill=bill, at=at)
    _book_shares(bill, "shared", _lines_of(bill).none(), _lines_of(bill), at=at)


def book_voided(bill_id: int, *, at: datetime) -> None:
    """What was announced will never count."""
    bill = bill_of(bill_id)
    if _is_pending(bill):
        ledger.void(key=_key(bill, "voided"), pending_key=_key(bill, "opened"), on=clock.day_of(at), at=at)


def book_returned(return_id: int) -> None:
    """Lines are given back: they are not earned any more; the postings are about the bill they were charged on."""
    made = bill_of(return_id)
    if made.reverses_id is None:
        raise ValueError("a return names the bill it gives back of")
    bill, lines = bill_of(made.reverses_id), _lines_of(made)
    borne = -(made.institution_amount or ZERO)
    back = postings.given_back(_less(_earned(lines)), borne)
    write(Kind.LINES_RETURNED, _key(made, "returned"), back, bill=bill, at=made.opened_at, reason=made.reason)
    standing = _standing_lines(bill).filter(bill_id__lte=made.pk)
    _book_shares(
        bill, f"shared again by {made.number}", standing.exclude(bill=made), standing, at=made.opened_at
    )


def book_given_back(bill_id: int) -> None:
    """All that stood of the bill is back with those who paid."""
    bill = bill_of(bill_id)
    if not is_counted(bill):  # Of before there were books.
        book_paid(bill.pk)
    at = bill.refunded_at or bill.opened_at
    earned = _earned_by_the_books(bill)
    borne = -earned.pop(postings.BORNE, ZERO)
    write(
        Kind.BILL_GIVEN_BACK, _key(bill, "given back"), postings.given_back(earned, borne), bill=bill, at=at
    )
    write(
        Kind.REMOTE_SHARED,
        _key(bill, "shared no more"),
        postings.shared_no_more(_shared(bill)),
        bill=bill,
        at=at,
    )


def _book_shares(
    bill: Bill, what: str, before: QuerySet[FeeDetail], now: QuerySet[FeeDetail], *, at: datetime
) -> None:
    """What the other parties of a remote service are owed, where the bill is shared."""
    if bill.sharing is None:
        return
    service = Q(price__item__service=bill.sharing.service)
    earned_before, earned_now = _earned(before.filter(service)), _earned(now.filter(service))
    earning = next(iter(earned_now or earned_before), None)
    if earning is None:
        return
    shared = postings.shared_with(bill.sharing.invited.code, bill.sharing.facts())
    lines = postings.remote_shared(
        earning, shared, before=sum(earned_before.values(), ZERO), now=sum(earned_now.values(), ZERO)
    )
    write(Kind.REMOTE_SHARED, _key(bill, what), lines, bill=bill, at=at)


def is_counted(bill: Bill) -> bool:
    """Whether the charge of a paid bill is in the books."""
    return Posting.objects.filter(key=_key(bill, "paid")).exists()


def _key(bill: Bill, what: str) -> str:
    return f"bill:{bill.number}:{what}"


def _is_pending(bill: Bill) -> bool:
    return Posting.objects.filter(key=_key(bill, "opened")).exists()


def _lines_of(bill: Bill) -> QuerySet[FeeDetail]:
    return FeeDetail.objects.filter(bill=bill)


def _standing_lines(bill: Bill) -> QuerySet[FeeDetail]:
    """Lines of the bill, and those that give some of them back."""
    return FeeDetail.objects.filter(Q(bill=bill) | Q(bill__reverses=bill))


def _earned(lines: QuerySet[FeeDetail]) -> dict[AccountKey, Decimal]:
    """Yuan by account; one query."""
    rows = lines.order_by().values_list("price__item__category", "price__item__charge_type")
    earned: dict[AccountKey, Decimal] = {}
    for category, charge_type, amount in rows.annotate(Sum("amount")).order_by("price__item__charge_type"):
        account = postings.earning_account(category, charge_type)
        earned[account] = earned.get(account, ZERO) + amount
    return earned


def _earned_by_the_books(bill: Bill) -> dict[AccountKey, Decimal]:
    """Yuan by account that the books hold of the bill by now: less what went back, and what was charged too much.

    What other parties were owed of it is not taken off.
    """
    entries = Entry.objects.filter(
        posting__subject=bill.number,
        posting__institution=bill.encounter.institution_id,
        account__kind__in=[kind.value for kind in (*postings.EARNING, AccountKind.HOSPITAL_BORNE)],
    ).exclude(posting__kind=Kind.REMOTE_SHARED.value)
    rows = entries.order_by().values_list("account__kind", "account__party", "account__category")
    sums = rows.annotate(Sum("posted")).order_by("account__kind", "account__category")
    return {AccountKey(AccountKind(kind), *key): -posted for kind, *key, posted in sums}


def _shared(bill: Bill) -> dict[AccountKey, Decimal]:
    """Yuan by account that the books have moved for the other parties of the bill; debits above zero."""
    entries = Entry.objects.filter(
        posting__subject=bill.number,
        posting__institution=bill.encounter.institution_id,
        posting__kind=Kind.REMOTE_SHARED.value,
    ).exclude(posting__key=_key(bill, "shared no more"))
    rows = entries.order_by().values_list("account__kind", "account__party", "account__category")
    return {
        AccountKey(AccountKind(kind), *key): posted for kind, *key, posted in rows.annotate(Sum("posted"))
    }


def _less(earned: dict[AccountKey, Decimal]) -> dict[AccountKey, Decimal]:
    return {account: -amount for account, amount in earned.items()}
