"""Who may see which receipt."""

from django.db.models import Q, QuerySet

from accounts.models import User
from billing.models import Bill
from checkout.queries import MONEY_OFFICES
from kernel.errors import NotFoundForYou
from receipts.models import Receipt
from registry.queries import patients_of


def reads_every_receipt(user: User) -> bool:
    """Whether she is of an office that answers for money."""
    return user.is_in_any(MONEY_OFFICES)


def bill_with_documents(user: User, number: str) -> Bill:
    """A bill of one of her patients, or any bill for an office of money.

    Raises:
        NotFoundForYou: there is none with this number, or it is not for her.
    """
    bills = Bill.objects.filter(number=number)
    if not reads_every_receipt(user):
        bills = bills.filter(encounter__patient__in=patients_of(user).order_by())
    found = bills.select_related("encounter__patient", "encounter__institution").first()
    if found is None:
        raise NotFoundForYou
    return found


def receipts_of(bill: Bill) -> list[Receipt]:
    """Every receipt of a bill, the newest first; may be empty. One query."""
    return list(Receipt.objects.filter(bill=bill).select_related("cancelled_by", "follows").order_by("-pk"))


def receipt_for(user: User, number: str) -> Receipt:
    """A receipt that this user may read.

    Raises:
        NotFoundForYou: there is none with this number, or it is not for her.
    """
    found = _readable(user).filter(number=number).select_related(
        "cancelled_by", "institution", "bill__encounter"
    ).first()  # fmt: skip
    if found is None:
        raise NotFoundForYou
    return found


def _readable(user: User) -> "QuerySet[Receipt]":
    if reads_every_receipt(user):
        return Receipt.objects.all()
    return Receipt.objects.filter(Q(bill__encounter__patient__in=patients_of(user).order_by()))


def is_hers(user: User, bill: Bill) -> bool:
    """Whether she reads as a patient or for her family: such a reading leaves no trace."""
    return patients_of(user).filter(pk=bill.encounter.patient_id).exists()


def receipt_by_code(code: str) -> Receipt | None:
    """The receipt with this verification code, for everybody; None when there is none."""
    rows = Receipt.objects.select_related("institution", "cancelled_by", "bill__encounter__patient")
    return rows.filter(verification_code=code).first()
