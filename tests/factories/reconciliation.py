"""A past day in our books, and what another side may say of it."""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Role, User
from billing.models import Bill, BillPurpose
from billing.states import BillState
from checkout.models import Checkout
from checkout.states import CheckoutState
from encounters.models import Encounter
from insurance.gateway import messages as m
from insurance.models import Claim, Settlement, VisitRegistration
from insurance.states import ClaimState
from payments.models import PaymentOrder, Refund, Scene
from payments.states import OrderState, RefundState
from reconciliation.rules.groups import GroupSums
from registry.models import Institution
from tests.factories.accounts import StaffFactory
from tests.factories.billing import with_line
from tests.factories.encounters import EncounterFactory
from tests.factories.registry import CoverageFactory

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Friday 20 November 2026, 12:00 in Hangzhou."""
NEXT_NIGHT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
"""Saturday 21 November 2026, 02:00."""

RESULT = (
    "psn_no", "mdtrt_id", "setl_id", "msgid", "stmt_rslt", "refd_setl_flag", "memo",
    "medfee_sumamt", "fund_pay_sumamt", "acct_pay",
)  # fmt: skip


def officer(name: str = "医保办王", **fields: Any) -> User:
    """Somebody of the insurance office."""
    made: User = StaffFactory(role=Role.INSURANCE_OFFICE, display_name=name, **fields)
    return made


@dataclass
class Numbers:
    """Numbers that no other row of this test has."""

    last: int = 0

    def next(self, prefix: str) -> str:
        """``S000001``."""
        self.last += 1
        return f"{prefix}{self.last:06d}"


def claim(
    state: ClaimState = ClaimState.SETTLED,
    *,
    at: datetime = NOON,
    parts: tuple[str, str, str] = ("7.00", "2.00", "1.00"),
    encounter: Encounter | None = None,
    **fields: Any,
) -> Claim:
    """A claim of 10.00 yuan: fund 7, account 2, cash 1; its bill is settled when it is."""
    visit: Encounter = encounter or EncounterFactory(opened_at=at)
    fund, account, cash = (Decimal(part) for part in parts)
    number = f"{Claim.objects.count() + 1:06d}"
    registration, _new = VisitRegistration.objects.get_or_create(
        encounter=visit,
        defaults={
            "coverage": CoverageFactory(patient=visit.patient),
            "person_number": f"P{number}",
            "insurance_type": "310",
            "insured_region": "330100",
            "visit_number": f"M{number}",
        },
    )
    bill = Bill.objects.create(
        number=f"B{number}",
        encounter=visit,
        purpose=BillPurpose.CONSULTATION,
        total_amount=fund + account + cash,
        fund_amount=fund,
        account_amount=account,
        family_amount=0,
        institution_amount=0,
        cash_amount=cash,
        state=BillState.SETTLED if state == ClaimState.SETTLED else BillState.OPEN,
        opened_at=at,
        settled_at=at if state == ClaimState.SETTLED else None,
    )
    with_line(bill)
    said = {
        "batch_number": f"C{number}",
        "settle_msgid": f"MSG{number}",
        "fund_amount": fund,
        "account_amount": account,
        "cash_amount": cash,
        "opened_at": at,
        "submitted_at": at,
    }
    return Claim.objects.create(bill=bill, registration=registration, state=state, **(said | fields))


def settlement(
    of: Claim | None = None, *, at: datetime = NOON, reverses: Settlement | None = None, **fields: Any
) -> Settlement:
    """The insurer's record of a claim, or the negative one that takes it back."""
    owner = of or (reverses.claim if reverses else claim(at=at))
    sign = -1 if reverses else 1
    number = f"{Settlement.objects.count() + 1:06d}"
    said = {
        "number": f"SETL{number}",
        "msgid": f"BACK{number}" if reverses else owner.settle_msgid,
        "institution": owner.registration.encounter.institution,
        "insurance_type": owner.registration.insurance_type,
        "clearing_type": "11",
        "clearing_agency": "330100",
        "total_amount": sign * owner.bill.total_amount,
        "fund_amount": sign * owner.fund_amount,
        "account_amount": sign * owner.account_amount,
        "cash_amount": sign * owner.cash_amount,
        "settled_at": at,
        "recorded_at": at,
    }
    return Settlement.objects.create(claim=owner, reverses=reverses, **(said | fields))


def order(
    of: Bill | None = None,
    *,
    at: datetime = NOON,
    amount: str = "1.00",
    state: OrderState = OrderState.PAID,
    **fields: Any,
) -> PaymentOrder:
    """Her share at the channel."""
    number = f"{PaymentOrder.objects.count() + 1:06d}"
    paid = state in (OrderState.PAID, OrderState.LATE)
    said = {
        "number": f"ORDER{number}",
        "scene": Scene.NATIVE,
        "amount": Decimal(amount),
        "description": "网络复诊诊查费",
        "expires_at": at,
        "created_at": at,
        "paid_at": at if paid else None,
        "transaction_id": f"4200{number}" if paid else None,
    }
    return PaymentOrder.objects.create(bill=of or claim(at=at).bill, state=state, **(said | fields))


def refund(
    of: PaymentOrder, *, at: datetime = NOON, state: RefundState = RefundState.DONE, **fields: Any
) -> Refund:
    """Her share on its way back."""
    said = {
        "number": f"R{of.number}",
        "amount": of.amount,
        "reason": "退费",
        "channel_refund_id": f"503{of.number}",
        "requested_at": at,
        "done_at": at if state == RefundState.DONE else None,
    }
    return Refund.objects.create(order=of, state=state, **(said | fields))


def checkout(of: Bill, state: CheckoutState = CheckoutState.SETTLED, at: datetime = NOON) -> Checkout:
    """Where the money of a bill stands."""
    return Checkout.objects.create(bill=of, state=state, opened_at=at, pay_by=at)


def stated(row: Settlement, verdict: str = "0", **changes: str) -> dict[str, str]:
    """What the insurer's result file says of one of our settlements."""
    said = {
        "psn_no": row.claim.registration.person_number,
        "mdtrt_id": row.claim.registration.visit_number,
        "setl_id": row.number,
        "msgid": row.msgid,
        "stmt_rslt": verdict,
        "refd_setl_flag": "1" if row.reverses_id else "0",
        "memo": "",
        "medfee_sumamt": str(row.total_amount),
        "fund_pay_sumamt": str(row.fund_amount),
        "acct_pay": str(row.account_amount),
    }
    return said | changes


def stranger(number: str = "SETLX", *, msgid: str = "MSGX", **changes: str) -> dict[str, str]:
    """A settlement that only the insurer holds."""
    said = dict.fromkeys(RESULT, "") | {
        "psn_no": "PX", "mdtrt_id": "MX", "setl_id": number, "msgid": msgid, "stmt_rslt": "1",
        "refd_setl_flag": "0", "medfee_sumamt": "10.00", "fund_pay_sumamt": "7.00", "acct_pay": "2.00",
    }  # fmt: skip
    return said | changes


@dataclass
class Insurer:
    """What a played insurer says: ``rows`` of its result file, or equal totals when there are none.

    ``asked`` keeps the sums it was asked about, ``files`` the rows that were brought.
    """

    rows: list[dict[str, str]] | None = None
    silent: str = ""
    asked: list[GroupSums] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    content: bytes | None = None

    def result(self) -> bytes:
        """The file of 9102."""
        if self.content is not None:
            return self.content
        text = "".join("\t".join(row[name] for name in RESULT) + "\n" for row in self.rows or [])
        return packed(text)


def packed(text: str) -> bytes:
    """A zip with one text."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("rows.txt", text)
    return content.getvalue()


class PlayedAsking:
    """Stands where ``Asking`` stands."""

    is_mutual_aid_beside = False
    filename = "rows.txt"
    insurer = Insurer()

    def __init__(self, institution: Institution, day: date) -> None:
        self.institution, self.day = institution, day

    def total(self, ours: GroupSums) -> m.TotalStatement:
        """3201."""
        from reconciliation.errors import StatementMissing

        if self.insurer.silent:
            raise StatementMissing(self.insurer.silent)
        self.insurer.asked.append(ours)
        differs = (self.insurer.rows is not None or self.insurer.content is not None) and ours.count > 0
        differs = differs or (self.insurer.rows is not None and ours.key.insurance_type == "310")
        return m.TotalStatement(
            clearing_agency=ours.key.clearing_agency,
            result="1" if differs else "0",
            description="不一致" if differs else "对平",
        )

    def details(self, ours: GroupSums, brought: bytes) -> bytes:
        """9101, 3202, 9102."""
        with zipfile.ZipFile(io.BytesIO(brought)) as archive:
            self.insurer.files.append(archive.read(archive.namelist()[0]).decode())
        return self.insurer.result()
