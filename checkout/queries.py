"""Who may see which bill, and what its page needs."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q

from accounts.models import Role, User
from billing.models import Bill, BillPurpose, FeeDetail
from billing.rules import Parts
from billing.states import BillState
from checkout.models import Checkout
from encounters.models import Encounter
from insurance.models import InsuredService
from insurance.queries.eligibility import Eligibility, eligibility_on_days, way_on
from insurance.queries.returns import returned_of
from insurance.queries.vouchers import voucher_violation
from kernel import clock
from kernel.errors import NotFoundForYou
from registry.queries import patients_of

MONEY_OFFICES = (Role.FINANCE, Role.INSURANCE_OFFICE)
"""Staff who answer for every bill."""


def checkout_for(user: User, bill_number: str) -> Checkout:
    """The checkout of a bill of one of her patients, with everything its page shows.

    Raises:
        NotFoundForYou: there is no such bill, or it is not hers.
    """
    found = (
        Checkout.objects.select_related(
            "bill__encounter__patient",
            "bill__encounter__practitioner",
            "bill__encounter__institution",
            "bill__encounter__coverage",
            "bill__encounter__known_disease",
            "claim",
            "order",
        )
        .filter(bill__number=bill_number, bill__encounter__patient__in=patients_of(user).order_by())
        .first()
    )
    if found is None:
        raise NotFoundForYou
    return found


def eligibility_of_bill(bill: Bill, *, at: datetime) -> Eligibility:
    """Whether the insurance may be asked to pay this bill at a moment.

    The day of service and the day of ``at`` are asked: nothing is settled while an agreement is suspended, whenever the
    service was. Medicines are served on the day they were charged.
    """
    encounter, is_for_drugs = bill.encounter, bill.purpose == BillPurpose.DRUGS
    served_on = clock.day_of(bill.opened_at) if is_for_drugs else encounter.service_on
    has_prescription = (
        is_for_drugs or Bill.objects.filter(encounter=encounter, purpose=BillPurpose.DRUGS).exists()
    )
    found = eligibility_on_days(
        encounter=encounter,
        service=InsuredService.REVISIT_DRUGS if is_for_drugs else InsuredService.ONLINE_REVISIT,
        days=dict.fromkeys((served_on, clock.day_of(at))),
        has_prescription=has_prescription,
    )
    if found.violation:
        return found
    return replace(found, violation=voucher_violation(encounter, way=way_on(encounter.institution.phone)))


def earlier_bills(bill: Bill) -> list[Bill]:
    """Settled bills of the same encounter, so that nobody wonders whether they are charged again."""
    hers = Bill.objects.filter(encounter=bill.encounter_id, state="settled", reverses__isnull=True)
    return list(hers.exclude(pk=bill.pk).exclude(institution_amount=F("total_amount")))


def encounter_with_fees(user: User, number: str) -> Encounter:
    """An encounter whose itemised list this user may read.

    The patient and her family, the doctor of the encounter, and the offices of money may.

    Raises:
        NotFoundForYou: there is no such encounter, or its list is not for her.
    """
    mine = Q(patient__in=patients_of(user).order_by()) | Q(
        practitioner__user=user, practitioner__is_active=True
    )
    found = Encounter.objects.filter(number=number)
    if not user.is_in_any(MONEY_OFFICES):
        found = found.filter(mine)
    encounter = found.select_related("patient", "practitioner", "institution", "department").first()
    if encounter is None:
        raise NotFoundForYou
    return encounter


def reads_as_office(user: User, encounter: Encounter) -> bool:
    """Whether she reads somebody else's list by her office alone: such a reading leaves a trace."""
    is_hers = patients_of(user).filter(pk=encounter.patient_id).exists()
    return not is_hers and encounter.practitioner.user_id != user.pk


def fees_of(encounter: Encounter, bill_number: str = "") -> list[FeeDetail]:
    """Charged lines of an encounter, or of one of its bills and its returns, in the order of charging; one query.

    Bills that will never be charged (void) are left out, unless that bill is asked for; may be empty.
    """
    lines = FeeDetail.objects.filter(bill__encounter=encounter)
    if bill_number:
        lines = lines.filter(Q(bill__number=bill_number) | Q(bill__reverses__number=bill_number))
    else:
        lines = lines.exclude(bill__state=BillState.VOID)
    return list(
        lines.select_related("bill__stored_quote", "document", "price__item").order_by(
            "bill__opened_at", "bill", "number"
        )
    )


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Lines that were given back, by their numbers, and the change for each payer in yuan."""

    numbers: frozenset[int]
    change: Parts

    @property
    def total(self) -> Decimal:
        """Yuan of the lines, negative."""
        return self.change.total


def given_back_of(bill_id: int) -> GivenBack | None:
    """Everything that was given back of a bill; None when nothing was.

    The return bills say it; before the first of them is made, what the insurer has settled again.
    """
    rows = list(FeeDetail.objects.filter(bill__reverses=bill_id))
    if rows:
        parts = [row.parts or Parts.nothing() for row in rows]
        return GivenBack(frozenset(row.number for row in rows), sum(parts, Parts.nothing()))
    told = returned_of([bill_id])
    if told is None:
        return None
    return GivenBack(told.numbers, Parts(told.change.fund, told.change.account, told.change.cash))
