"""A prescription as an order for the audit rules, and what they say of it in the words of our own rules."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from billing.models import Bill, BillPurpose
from checkout.models import Checkout
from encounters.models import Encounter
from kernel.clock import day_of
from kernel.money import ZERO, to_yuan
from prescriptions.models import Prescription, PrescriptionLine
from prescriptions.queries.visibility import prices_of
from prescriptions.rules.findings import Basis, RuleFinding, Severity, Words
from prescriptions.states import PASSED
from pricing.rules.facts import PriceFact
from screening.queries.orders import insurance_type_of, kind_of, person_facts
from screening.rules import facts as audit
from screening.rules.findings import Found
from screening.rules.kinds import Effect

LOOKS_BACK = timedelta(days=168)
"""ASSUMPTION: two supplies of twelve weeks; no published course is longer."""
_LONGEST_MESSAGE, _LONGEST_SOURCE = 300, 200
_SEVERITY = {Effect.DENY: Severity.BLOCK, Effect.WARN: Severity.GRAVE}


def order_of(
    prescription: Prescription,
    at: datetime,
    said: Iterable[RuleFinding] = (),
    *,
    trace_codes: Iterable[str] = (),
) -> audit.OrderFacts:
    """The prescription as it stands, with what her other prescriptions gave her.

    ``trace_codes`` are those of the packs that are to be handed out; ``said`` are the findings of our own rules: an audit rule that says the same says it once.
    """
    encounter = prescription.encounter
    rows = prescription.lines.select_related("drug__item").order_by("number")
    return replace(
        person_facts(encounter, at, key=str(prescription)),
        prescriber=prescription.prescriber.insurance_code,
        insurance_type=insurance_type_of(encounter) if uses_insurance(encounter) else "",
        lines=tuple(_line(row) for row in rows),
        earlier=earlier_supplies(encounter, day_of(at)),
        trace_codes=tuple(trace_codes),
        already_said=frozenset((one.rule, number) for one in said for number in one.lines),
    )


def priced_order_of(prescription: Prescription, at: datetime) -> audit.OrderFacts:
    """The same with the price of the day in each line, as the insurer wants it; lines without a price are zero."""
    order = order_of(prescription, at)
    rows = {row.number: row for row in prescription.lines.select_related("drug")}
    prices = prices_of([row.drug for row in rows.values()], prescription.encounter.institution, day_of(at))
    lines = (replace(line, amount=_amount(rows[line.number], prices)) for line in order.lines)
    return replace(order, lines=tuple(lines))


def _amount(row: PrescriptionLine, prices: Mapping[int, PriceFact]) -> Decimal:
    price = prices.get(row.drug_id)
    return to_yuan(price.amount * row.packs) if price and price.amount is not None else ZERO


def uses_insurance(encounter: Encounter) -> bool:
    """As she chose for the consultation fee; without one, whether she has a coverage."""
    visit = Bill.objects.filter(encounter=encounter, purpose=BillPurpose.CONSULTATION)
    before = Checkout.objects.filter(bill__in=visit).order_by("-pk").first()
    return before.uses_insurance if before else encounter.coverage_id is not None


def _line(row: PrescriptionLine) -> audit.OrderLine:
    drug = row.drug
    national_code = drug.item.insurance_code if drug.item else ""
    return audit.OrderLine(
        number=row.number, code=drug.code, national_code=national_code, name=drug.generic_name,
        name_en=drug.generic_name_en, kind=kind_of(national_code, is_service=False),
        quantity=Decimal(row.packs), days=row.days,
    )  # fmt: skip


def earlier_supplies(encounter: Encounter, on: date) -> tuple[audit.EarlierItem, ...]:
    """What her other passed prescriptions gave her, at any institution of the platform; one statement."""
    rows = PrescriptionLine.objects.filter(
        prescription__encounter__patient=encounter.patient_id, prescription__state__in=sorted(PASSED),
        prescription__effective_at__date__gte=on - LOOKS_BACK,
    ).exclude(prescription__encounter=encounter)  # fmt: skip
    found = rows.select_related("drug__item", "prescription__encounter__institution").order_by("-pk")
    return tuple(_earlier(row) for row in found)


def _earlier(row: PrescriptionLine) -> audit.EarlierItem:
    drug, given_at = row.drug, row.prescription.effective_at
    if given_at is None:
        raise ValueError("what a pharmacist has passed has a moment of taking effect")
    hospital = row.prescription.encounter.institution
    return audit.EarlierItem(
        national_code=drug.item.insurance_code if drug.item else "", name=drug.generic_name,
        name_en=drug.generic_name_en, institution_code=hospital.code, institution_name=hospital.name,
        on=day_of(given_at), quantity=Decimal(row.packs), days=row.days,
    )  # fmt: skip


def as_rule_finding(found: Found) -> RuleFinding:
    """A finding of an audit rule that denies or warns, as the editor shows and the doctor signs it."""
    return RuleFinding(
        rule=found.rule,
        severity=_SEVERITY[found.effect],
        message=_cut(found.message, _LONGEST_MESSAGE),
        basis=Basis(_cut(found.source, _LONGEST_SOURCE), "G" if found.grade == "G" else ""),
        way_on=Words(found.way_on.zh, found.way_on.en),
        lines=found.lines,
        subject=found.subject,
    )


def _cut(words: audit.Words, longest: int) -> Words:
    return Words(words.zh[:longest], words.en[:longest])
