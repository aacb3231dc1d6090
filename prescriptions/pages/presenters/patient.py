"""A prescription as the patient reads it: where it stands, what happens next, how to take what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Bill
from checkout.models import Checkout
from checkout.states import CheckoutState
from kernel.presentation import clock_time, is_chinese, moment
from prescriptions.models import Prescription
from prescriptions.pages.presenters import wording
from prescriptions.states import PrescriptionState

_MINUTE = timedelta(minutes=1)
_S, _C = PrescriptionState, CheckoutState
_GOING_BACK = {_C.REVERSING, _C.REFUNDING, _C.REFUNDED}


@dataclass(frozen=True)
class Standing:
    """A badge, its word, and one sentence of what happens next."""

    badge: str
    word: str
    sentence: str


@dataclass(frozen=True)
class MedicineRow:
    """One medicine in plain words."""

    name: str
    content: str
    directions: str
    days: int
    packs: str
    amount: Decimal | None


@dataclass(frozen=True)
class PrescriptionCard:
    """A prescription in a list or on its page."""

    prescription: Prescription
    standing: Standing
    rows: list[MedicineRow]
    doctor: str
    department: str
    diagnoses: str
    total: Decimal | None
    valid_until: str
    """The last minute of validity in words."""
    pay_url: str
    """Empty when there is nothing to pay now."""
    bill_url: str
    timeline: list[dict[str, Any]]


def card_of(prescription: Prescription) -> PrescriptionCard:
    """The whole card; the rows of the prescription must have been fetched with it."""
    encounter, bill = prescription.encounter, prescription.bill
    money = getattr(bill, "checkout", None) if bill else None
    amounts = {line.item_code: line.amount for line in bill.lines.all()} if bill else {}
    is_payable = prescription.state == _S.EFFECTIVE and money is not None and money.state not in _GOING_BACK
    return PrescriptionCard(
        prescription=prescription,
        standing=standing_of(prescription, money),
        rows=[
            MedicineRow(
                line.drug.name, wording.content_words(line.drug), wording.directions(line), line.days,
                wording.packs_words(line.drug, line.packs), amounts.get(line.drug.code),
            )
            for line in prescription.lines.all()
        ],
        doctor=_name(prescription.prescriber),
        department=_name(encounter.department),
        diagnoses=diagnoses_words(prescription),
        total=bill.total_amount if bill else None,
        valid_until=last_moment(prescription),
        pay_url=reverse("checkout:pay", args=[bill.number]) if bill and is_payable else "",
        bill_url=_bill_url(bill) if bill else "",
        timeline=timeline_of(prescription, money),
    )  # fmt: skip


def _bill_url(bill: Bill) -> str:
    return reverse("checkout:bill", args=[bill.number])


def _name(record: Any) -> str:
    return str(record.name if is_chinese() else record.name_en or record.name)


def diagnoses_words(prescription: Prescription) -> str:
    """The diagnoses of the record, parted by commas."""
    record = getattr(prescription.encounter, "record", None)
    rows = sorted(record.diagnoses.all(), key=lambda row: row.number) if record else []
    names = [row.code.name if is_chinese() else row.code.name_en or row.code.name for row in rows]
    return ("、" if is_chinese() else ", ").join(names)


def standing_of(prescription: Prescription, money: Checkout | None) -> Standing:
    """Badge and sentence for the patient."""
    state = PrescriptionState(prescription.state)
    if state in {_S.EFFECTIVE, _S.PAID} and money is not None:
        return _with_money(prescription, money)
    return {
        _S.DRAFT: lambda: Standing("waiting", _("Being written"), _("Your doctor is writing it.")),
        _S.SUBMITTED: lambda: Standing(
            "waiting", _("With the pharmacist"),
            _("A pharmacist is checking it. As soon as it has passed you can pay here; this page follows by itself."),
        ),
        _S.RETURNED: lambda: Standing(
            "progress", _("Back with the doctor"),
            _("The pharmacist has asked your doctor to change something. You need not do anything."),
        ),
        _S.DISPENSED: lambda: Standing("done", _("Handed out"), _("Take the medicines as written below.")),
        _S.EXPIRED: lambda: Standing(
            "stopped", _("Expired"), _("It was not paid in time. Nothing was charged; ask your doctor for a new one.")
        ),
        _S.CANCELLED: lambda: Standing("stopped", _("Cancelled"), _cancelled(prescription)),
    }.get(state, lambda: Standing("waiting", _("With the pharmacist"), ""))()  # fmt: skip


def _cancelled(prescription: Prescription) -> str:
    if prescription.paid_at:
        return _("What was paid has gone back the way it came.")
    return _("Nothing was charged.")


def _with_money(prescription: Prescription, money: Checkout) -> Standing:
    state = CheckoutState(money.state)
    if state in _GOING_BACK or money.unwind_reason:
        return Standing(
            "confirming",
            _("Money going back"),
            _("The prescription was cancelled; what was paid is on its way back."),
        )
    if prescription.state == _S.PAID:
        return Standing(
            "progress",
            _("Being prepared"),
            _("Everything is paid. The pharmacy is preparing your medicines."),
        )
    if state == _C.SETTLING:
        return Standing(
            "confirming", _("Being confirmed"),
            _("Your share has arrived and the insurance is confirming its part. Please do not pay again; you may leave this page."),
        )  # fmt: skip
    if state == _C.ESTIMATING:
        return Standing(
            "waiting",
            _("Asking the insurance"),
            _("We are asking what the insurance pays. This takes a few seconds."),
        )
    return Standing(
        "needs", _("To be paid"),
        _("The pharmacist has passed it. Please pay by %(until)s; after that it is no longer valid.")
        % {"until": last_moment(prescription)},
    )  # fmt: skip


def last_moment(prescription: Prescription) -> str:
    """The last minute of validity: midnight is told as 24:00 of the day before."""
    until = prescription.valid_until
    if until is None:
        return ""
    if clock_time(until) == "00:00":
        return f"{moment(until - _MINUTE)}".replace("23:59", "24:00")
    return moment(until)


def timeline_of(prescription: Prescription, money: Checkout | None) -> list[dict[str, Any]]:
    """Signed, checked, paid, handed out: what is done, what is now, what is to come."""
    state = prescription.state
    review = getattr(prescription, "review", None)
    passed = prescription.effective_at
    items = [_node("done", _("Signed by the doctor"), prescription.signed_at)]
    if state == _S.RETURNED and review:
        return [*items, _node("failed", _("Returned to the doctor"), review.reviewed_at, review.reason)]
    items.append(
        _node("done" if passed else _now(state, _S.SUBMITTED), _("Checked by the pharmacist"), passed)
    )
    waits = "unknown" if money and money.state == _C.SETTLING else _now(state, _S.EFFECTIVE)
    items.append(_node("done" if prescription.paid_at else waits, _("Paid"), prescription.paid_at))
    given = prescription.dispensed_at
    items.append(_node("done" if given else _now(state, _S.PAID), _("Medicines handed out"), given))
    if state in {_S.EXPIRED, _S.CANCELLED}:
        done = [item for item in items if item["kind"] == "done"]
        word = _("Expired") if state == _S.EXPIRED else _("Cancelled")
        return [*done, _node("failed", word, prescription.ended_at, _(prescription.cancel_reason))]
    return items


def _now(state: str, here: PrescriptionState) -> str:
    return "now" if state == here else "next"


def _node(kind: str, what: str, at: datetime | None, note: str = "") -> dict[str, Any]:
    return {"kind": kind, "what": what, "when": moment(at) if at else "", "note": note}
