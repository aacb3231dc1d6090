"""The itemised list that a patient has a right to (费用清单): every line, by what it was charged, and sums."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Bill, FeeDetail
from encounters.models import Encounter
from insurance.queries.returns import Returned, returned_of
from insurance.rules.returns import Shares
from kernel import presentation
from kernel.money import ZERO
from pricing.models import ChargeType
from pricing.rules.wording import exact_yuan, plain


@dataclass(frozen=True, slots=True)
class Line:
    """A charged line in the page's language."""

    number: int
    code: str
    name: str
    specification: str
    unit: str
    quantity: Decimal
    unit_price: str
    amount: Decimal
    insurance_class: str
    self_pay: str
    """What she pays before the fund, in percent; empty where the document does not say."""
    document_number: str
    basis: str
    """By which price of the document."""
    charge_type: str
    """Code of the insurer's dictionary."""
    cash_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class BillOfList:
    """One bill of the list with its lines."""

    bill: Bill
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TypeTotal:
    """What was charged of one charge type."""

    name: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class FeeList:
    """The whole sheet."""

    encounter: Encounter
    bills: tuple[BillOfList, ...]
    types: tuple[TypeTotal, ...]
    total: Decimal
    fund: Decimal | None
    account: Decimal | None
    """Her own account."""
    family: Decimal | None
    institution: Decimal | None
    cash: Decimal | None
    """Who paid or pays, after lines were given back; None where a part is not known yet."""
    returned: Decimal
    """Lines given back that no bill of the list shows yet, negative or zero."""
    is_demonstration: bool


def fee_list(encounter: Encounter, fees: Sequence[FeeDetail]) -> FeeList:
    """The sheet; ``fees`` are in the order of their bills."""
    bills: dict[int, list[Line]] = {}
    rows = {fee.bill_id: fee.bill for fee in fees}
    quotes = {key: _quoted_lines(bill) for key, bill in rows.items()}
    for number, fee in enumerate(fees, start=1):
        quoted = quotes[fee.bill_id]
        said = quoted[fee.number - 1] if fee.number <= len(quoted) else {}
        bills.setdefault(fee.bill_id, []).append(_line(number, fee, said))
    lines = [line for found in bills.values() for line in found]
    returned = _returned_without_bill(rows.values())
    change = returned.change if returned else Shares(ZERO, ZERO, ZERO)
    return FeeList(
        encounter=encounter,
        bills=tuple(BillOfList(rows[key], tuple(found)) for key, found in bills.items()),
        types=tuple(_types(lines)),
        total=sum((line.amount for line in lines), ZERO),
        fund=_part([fee.fund_amount for fee in fees], change.fund),
        account=_part([fee.account_amount for fee in fees], change.account),
        family=_part([fee.family_amount for fee in fees], ZERO),
        institution=_part([fee.institution_amount for fee in fees], ZERO),
        cash=_part([fee.cash_amount for fee in fees], change.cash),
        returned=returned.total if returned else ZERO,
        is_demonstration=encounter.institution.is_demonstration,
    )


def _returned_without_bill(bills: Collection[Bill]) -> Returned | None:
    """What the insurer has settled again before the return bill is made."""
    shown = {bill.reverses_id for bill in bills}
    return returned_of([bill.pk for bill in bills if bill.pk not in shown])


def _part(amounts: Sequence[Decimal | None], change: Decimal) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, change) if len(known) == len(amounts) else None


def _line(number: int, fee: FeeDetail, quoted: dict[str, Any]) -> Line:
    rate = fee.price.self_pay_rate
    return Line(
        number=number,
        code=fee.item_code,
        name=_said(fee.name, fee.name_en),
        specification=_said(fee.specification, quoted.get("specification_en", "")),
        unit=_said(fee.unit, quoted.get("unit_en", "")),
        quantity=fee.quantity,
        unit_price=_exact(fee.unit_price),
        amount=fee.amount,
        insurance_class=_class(fee.insurance_class),
        self_pay="" if rate is None else f"{plain(rate * 100)} %",
        document_number=fee.document.number,
        basis=_basis(fee),
        charge_type=quoted.get("charge_type") or fee.price.item.charge_type,
        cash_amount=fee.cash_amount,
    )


def _quoted_lines(bill: Bill) -> list[dict[str, Any]]:
    """The lines of the quote that the bill keeps, in its order; none for bills without one."""
    if bill.stored_quote is None:
        return []
    lines: list[dict[str, Any]] = json.loads(bill.stored_quote.quote)["lines"]
    return lines


def _basis(fee: FeeDetail) -> str:
    """The first step says by which row of the document the line was priced."""
    if not fee.steps:
        return ""
    first = fee.steps[0]
    return _said(first.get("note", ""), first.get("note_en", ""))


def _types(lines: Sequence[Line]) -> list[TypeTotal]:
    """By the insurer's dictionary, in its order; they sum to the total."""
    found: dict[str, list[Decimal]] = {}
    for line in lines:
        found.setdefault(line.charge_type, []).append(line.amount)
    return [
        TypeTotal(str(ChargeType(code).label), sum(amount >= 0 for amount in amounts), sum(amounts, ZERO))
        for code, amounts in sorted(found.items())
    ]


def _class(code: str) -> str:
    return {"01": _("Class A"), "02": _("Class B"), "03": _("Self-paid")}.get(code, "")


def _said(chinese: str, english: str) -> str:
    return chinese if presentation.is_chinese() or not english else english


def _exact(amount: Decimal) -> str:
    """Yuan with every decimal that counts, two at least."""
    return f"{'-' if amount < 0 else ''}¥{exact_yuan(abs(amount)):,f}"
