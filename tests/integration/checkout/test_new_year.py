"""Between 31 December and 1 January: each sum counts in the year in which the insurer settled it, also afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from billing.models import Bill, BillPurpose
from billing.operations import open_bill
from checkout.models import Checkout
from checkout.operations import open_checkout
from checkout.states import CheckoutState
from insurance.gateway import messages as m
from insurance.models import Claim, Settlement, VisitRegistration
from insurance.operations import open_claim, reverse_claim, submit_claim
from insurance.operations.insurer import insurer_of
from insurance.operations.messages import new_msgid
from insurance.states import ClaimState
from kernel import clock
from payments.models import Refund
from pricing.queries import quote_for
from pricing.rules import ServiceLine
from tests.integration.checkout.conftest import ZHANG, ask_again, finish_refund, pay
from tests.verification.simulators import Simulators

Work = Callable[[], None]


@dataclass
class Calendar:
    """Ours and the insurer's, moved together; signatures keep the real time."""

    simulators: Simulators
    real: Callable[[], datetime]
    days_ahead: int = 0

    def now(self) -> datetime:
        return self.real() + timedelta(days=self.days_ahead)

    def go_to(self, day: date) -> None:
        self.days_ahead = (day - clock.day_of(self.real())).days
        self.simulators.control("insurer", "calendar", days_ahead=self.days_ahead)


@pytest.fixture
def new_year(bill: Bill, simulators: Simulators) -> date:
    """The next 1 January; of her account 1.00 yuan is left, and nothing of the year's 300.00 is deducted yet."""
    simulators.control("insurer", "person", id_number=ZHANG[1], balance="1.00", deducted="0.00")
    return date(clock.day_of(clock.now()).year + 1, 1, 1)


@pytest.fixture
def calendar(bill: Bill, simulators: Simulators, new_year: date, monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """It is 31 December."""
    insurer_of(bill.encounter.institution)  # made now, its signatures bear the real time
    made = Calendar(simulators, clock.now)
    made.go_to(new_year - timedelta(days=1))
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture
def medicines(bill: Bill, calendar: Calendar, user: User, work: Work) -> Claim:
    """400.00 yuan, settled on 31 December: 300.00 deducted, 70 % of 100.00 from the fund."""
    encounter = bill.encounter
    quote = quote_for(
        lines=[ServiceLine("medicine", bill.lines.get().item_code, Decimal(40))],
        institution=encounter.institution,
        service_on=encounter.service_on,
    )
    drugs = open_bill(
        encounter_id=encounter.pk, purpose=BillPurpose.DRUGS, quote=quote, by=None, at=clock.now()
    )
    claim = open_claim(bill_id=drugs.pk, by=user, at=clock.now())
    work()
    submit_claim(claim_id=claim.pk, by=user, at=clock.now())
    work()
    claim.refresh_from_db()
    assert (claim.state, claim.fund_amount) == (ClaimState.SETTLED, Decimal("70.00"))
    calendar.simulators.control("insurer", "person", id_number=ZHANG[1], balance="1.00")
    return claim


@pytest.fixture
def checkout(bill: Bill, medicines: Claim, user: User, work: Work) -> Checkout:
    """The fee of 10.00, pre-settled on 31 December: the deductible is met, 7.00 + 1.00 + 2.00."""
    now = clock.now()
    made = open_checkout(
        bill_id=bill.pk, uses_insurance=True, pay_by=now + timedelta(minutes=15), by=user, at=now
    )
    work()
    claim = Claim.objects.get(bill=bill)
    assert (claim.fund_amount, claim.account_amount, claim.cash_amount) == tuple(
        map(Decimal, ("7.00", "1.00", "2.00"))
    )
    made.refresh_from_db()
    return made


def accumulated(registration: VisitRegistration, year: int) -> dict[str, Decimal]:
    """5206: what counts towards deductible and limits of a year; empty when nothing was ever settled in it."""
    institution = registration.encounter.institution
    asked = m.QueryAccumulated(
        insured_region=registration.insured_region, person_number=registration.person_number,
        in_month=date(year, 12, 1),
    )  # fmt: skip
    reply = insurer_of(institution).query_accumulated(new_msgid(institution.code, clock.now()), asked).reply
    assert {row.year for row in reply.rows} <= {str(year)}
    return {row.kind: row.amount for row in reply.rows}


def sums(deducted: str, eligible: str, fund: str) -> dict[str, Decimal]:
    """The same as it ought to be; ``eligible`` is what lies above the deductible."""
    names = ("outpatient:deducted", "outpatient:eligible", "outpatient:fund_paid")
    return dict(zip(names, map(Decimal, (deducted, eligible, fund)), strict=True))


def years_of(claim: Claim) -> list[int]:
    """In which years the insurer settled it and took it back."""
    rows = Settlement.objects.filter(claim=claim).order_by("pk")
    return [clock.day_of(row.settled_at).year for row in rows]


def test_what_is_settled_in_the_new_year_counts_there_and_goes_back_when_she_was_told_otherwise(
    checkout: Checkout, medicines: Claim, user: User, calendar: Calendar, new_year: date, work: Work
) -> None:
    last, this = new_year.year - 1, new_year.year
    calendar.simulators.control("insurer", "faults", infno="2207A", kind="http_502", count=1)
    pay(checkout, user, calendar.simulators, work)
    assert checkout.state == CheckoutState.SETTLING

    calendar.go_to(new_year)
    ask_again(work)
    # A new deductible: the fund pays nothing now, and she was asked for 2.00. All of it goes back, in January.
    finish_refund(work)
    checkout.refresh_from_db()
    fee = Claim.objects.get(bill=checkout.bill)
    assert checkout.state == CheckoutState.REFUNDED
    assert Refund.objects.get().amount == Decimal("2.00")
    assert years_of(fee) == [this, this]
    first = fee.settlements.get(reverses__isnull=True)
    assert (first.fund_amount, first.account_amount, first.cash_amount) == tuple(
        map(Decimal, ("0.00", "1.00", "9.00"))
    )
    registration = fee.registration
    assert accumulated(registration, this) == sums("0.00", "0.00", "0.00")
    assert accumulated(registration, last) == sums("300.00", "100.00", "70.00")

    calendar.go_to(new_year + timedelta(days=19))
    reverse_claim(claim_id=medicines.pk, by=user, at=clock.now())
    work()
    medicines.refresh_from_db()
    assert medicines.state == ClaimState.REVERSED
    assert years_of(medicines) == [last, this]
    assert accumulated(registration, last) == sums("0.00", "0.00", "0.00")
    assert accumulated(registration, this) == sums("0.00", "0.00", "0.00")


def test_what_was_settled_unheard_before_midnight_is_found_and_stays_in_the_old_year(
    checkout: Checkout, user: User, calendar: Calendar, new_year: date, work: Work
) -> None:
    calendar.simulators.control("insurer", "faults", infno="2207A", kind="http_502_after_commit", count=1)
    pay(checkout, user, calendar.simulators, work)
    calendar.go_to(new_year)
    ask_again(work)

    checkout.refresh_from_db()
    fee = Claim.objects.get(bill=checkout.bill)
    assert (checkout.state, fee.fund_amount) == (CheckoutState.SETTLED, Decimal("7.00"))
    assert years_of(fee) == [new_year.year - 1]
    assert accumulated(fee.registration, new_year.year - 1) == sums("300.00", "110.00", "77.00")
    assert accumulated(fee.registration, new_year.year) == {}
