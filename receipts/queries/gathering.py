"""What goes into a receipt: the bill as it was charged and paid, and what a refund gave back."""

import json
from collections.abc import Iterable
from itertools import chain, repeat
from typing import Any

from django.db.models import QuerySet

from billing.models import Bill, FeeDetail
from billing.rules import Parts
from encounters.models import Encounter
from insurance.models import Settlement
from payments.models import PaymentOrder, Refund
from payments.states import OrderState
from receipts.rules.content import Content, Institution, Insurance, Line, Movement, Visit
from receipts.rules.standing import GivenBack, Returned, everything_of
from refunds.models import RefundRequest, Scope


def content_of(bill: Bill) -> Content:
    """The settled bill as it was charged and paid, before anything went back.

    Raises:
        ValueError: it is not known who paid, or when.
    """
    if bill.parts is None or bill.settled_at is None:
        raise ValueError("a receipt wants a settled bill")
    encounter = _encounter_of(bill)
    return Content(
        institution=_institution(encounter),
        visit=_visit(encounter),
        bill=bill.number,
        purpose=bill.purpose,
        paid_at=bill.settled_at,
        lines=_lines(bill),
        parts=bill.parts,
        movements=tuple(_payment(order) for order in _orders_of(bill)),
        insurance=_insurance(bill),
    )


def _encounter_of(bill: Bill) -> Encounter:
    joined = Encounter.objects.select_related("institution", "department", "practitioner", "patient")
    return joined.get(pk=bill.encounter_id)


def _institution(encounter: Encounter) -> Institution:
    found = encounter.institution
    return Institution(
        name=found.name,
        name_en=found.name_en,
        code=found.code,
        address=found.address,
        address_en=found.address_en,
        phone=found.phone,
        is_demonstration=found.is_demonstration,
    )


def _visit(encounter: Encounter) -> Visit:
    return Visit(
        number=encounter.number,
        patient=encounter.patient.name,
        gender=encounter.patient.gender,
        id_number=encounter.patient.masked_id_number,
        department=encounter.department.name,
        department_en=encounter.department.name_en,
        doctor=encounter.practitioner.name,
        doctor_en=encounter.practitioner.name_en,
        service_on=encounter.service_on,
    )


def _lines(bill: Bill) -> tuple[Line, ...]:
    fees = bill.lines.select_related("document", "price__item").order_by("number")
    quoted = json.loads(bill.stored_quote.quote)["lines"] if bill.stored_quote else []
    return tuple(_line(fee, said) for fee, said in zip(fees, chain(quoted, repeat({})), strict=False))


def _line(fee: FeeDetail, quoted: dict[str, Any]) -> Line:
    """A charged line; what the bill itself keeps in Chinese only, its quote says in English, too."""
    if fee.parts is None:
        raise ValueError("a line of a settled bill says who paid it")
    return Line(
        number=fee.number,
        code=fee.item_code,
        name=fee.name,
        name_en=fee.name_en,
        specification=fee.specification,
        specification_en=quoted.get("specification_en", ""),
        unit=fee.unit,
        unit_en=quoted.get("unit_en", ""),
        quantity=fee.quantity,
        unit_price=fee.unit_price,
        amount=fee.amount,
        charge_type=fee.price.item.charge_type,
        insurance_class=fee.insurance_class,
        document=fee.document.number,
        parts=fee.parts,
    )


def _orders_of(bill: Bill) -> "QuerySet[PaymentOrder]":
    """What she paid at a channel for this bill, and what of it stood when the bill was settled."""
    in_time = bill.payment_orders.filter(state=OrderState.PAID, paid_at__lte=bill.settled_at)
    return in_time.order_by("-pk")[:1]


def _payment(order: PaymentOrder) -> Movement:
    if order.paid_at is None:
        raise ValueError("not paid")
    return Movement(order.channel, order.number, order.transaction_id or "", order.amount, order.paid_at)


def _insurance(bill: Bill) -> Insurance | None:
    found = Settlement.objects.filter(claim__bill=bill, reverses__isnull=True).order_by("pk").first()
    return Insurance(found.number, found.insurance_type) if found else None


def given_back_by(request: RefundRequest, before: Content) -> GivenBack:
    """What a finished refund gave back of a receipt.

    A refund of lines is what its return bill says, line by line and payer by payer; a refund of the whole is
    everything that stood; a refund of money is her cash.
    """
    movements = tuple(_refunded([request.payment_refund] if request.payment_refund else []))
    if request.return_bill is not None and request.return_bill.parts is not None:
        return GivenBack(_returned(request.return_bill), -request.return_bill.parts, movements)
    if request.scope == Scope.CASH:
        return GivenBack({}, Parts.of_cash(request.approved_amount or request.asked_amount), movements)
    return everything_of(before, movements)


def refunds_of(bill: Bill) -> tuple[Movement, ...]:
    """Everything that went back at the channel for a bill."""
    done = Refund.objects.filter(order__bill=bill, done_at__isnull=False).select_related("order")
    return tuple(_refunded(done.order_by("pk")))


def _refunded(refunds: Iterable[Refund]) -> Iterable[Movement]:
    for refund in refunds:
        at = refund.done_at or refund.requested_at
        yield Movement(refund.order.channel, refund.number, refund.channel_refund_id, -refund.amount, at)


def _returned(bill: Bill) -> dict[int, Returned]:
    """Lines of a return bill by the number of the line that they give back."""
    lines = bill.lines.select_related("reverses")
    return {
        line.reverses.number: Returned(-line.quantity, -(line.parts or Parts.nothing()))
        for line in lines
        if line.reverses is not None
    }
