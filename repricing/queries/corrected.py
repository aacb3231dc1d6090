"""Charges that corrected prices touch, and what of them stands."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from billing.models import BillPurpose, FeeDetail
from billing.rules import Parts
from billing.states import BillState
from encounters.models import Encounter
from pricing.models import PriceRevision
from repricing.models import CorrectionLine

_GIVEN_BACK = FeeDetail.objects.filter(reverses=OuterRef("pk")).exclude(quantity=0)
_AS_CHARGED = FeeDetail.objects.filter(~Exists(_GIVEN_BACK)).exclude(
    bill__purpose__in=[BillPurpose.CORRECTION, BillPurpose.RETURN]
)
"""Corrections themselves are not corrected, and a line of which units were given back is left to a person.

A line that only came along with 0 units when others went back is as it was.
"""


@dataclass(frozen=True, slots=True)
class Touching:
    """Charges of the items with these codes on the days ``[begin, end)``."""

    codes: tuple[str, ...]
    begin: date
    end: date


def days_of(revision: PriceRevision, today: date) -> tuple[date, date] | None:
    """The days ``[begin, end)`` until today on which the revision says something; None for days to come only."""
    periods = list(revision.rows.values_list("effective", flat=True))
    if not periods:
        return None
    begin = min(period.lower for period in periods)
    ends = [period.upper for period in periods]
    tomorrow = today + timedelta(days=1)
    end = tomorrow if None in ends else min(tomorrow, max(end for end in ends if end is not None))
    return (begin, end) if begin < end else None


def _charges(touching: Touching) -> QuerySet[FeeDetail]:
    """Lines of the items, whatever became of their bills."""
    return _AS_CHARGED.filter(item_code__in=touching.codes)


def encounters_touched(touching: Touching, after: Sequence[object], most: int) -> list[Encounter]:
    """The next encounters with settled charges, patient by patient in the order of their days.

    ``after`` is (patient, day, id) of the last one seen, or empty.
    """
    settled = _charges(touching).filter(bill__encounter=OuterRef("pk"), bill__state=BillState.SETTLED)
    found = Encounter.objects.filter(
        Exists(settled), service_on__gte=touching.begin, service_on__lt=touching.end
    )
    if after:
        patient, day, pk = after
        found = found.filter(
            Q(patient__gt=patient)
            | Q(patient=patient, service_on__gt=day)
            | Q(patient=patient, service_on=day, pk__gt=pk)
        )
    ordered = found.order_by("patient_id", "service_on", "pk")
    return list(ordered.select_related("institution", "department", "practitioner", "patient")[:most])


def settled_lines(encounter_ids: Collection[int]) -> dict[int, list[FeeDetail]]:
    """All lines of settled bills of the encounters, by encounter, in the order they were charged."""
    lines = (
        _AS_CHARGED.filter(bill__encounter__in=encounter_ids, bill__state=BillState.SETTLED)
        .select_related("bill", "price")
        .order_by("bill_id", "number")
    )
    by_encounter: dict[int, list[FeeDetail]] = {}
    for line in lines:
        by_encounter.setdefault(line.bill.encounter_id, []).append(line)
    return by_encounter


def unsettled_count(touching: Touching) -> int:
    """Charges that are touched and not paid yet: they will have to be looked at again."""
    open_ones = _charges(touching).filter(bill__state=BillState.OPEN)
    return open_ones.filter(
        bill__encounter__service_on__gte=touching.begin, bill__encounter__service_on__lt=touching.end
    ).count()


def standing_parts(lines: Iterable[FeeDetail]) -> dict[int, Parts]:
    """By id of the line: what its payers have been charged, corrections that were carried out included.

    What the hospital bore was charged to nobody.
    """
    charged = {line.pk: _parts(line) for line in lines}
    done = CorrectionLine.objects.filter(
        charge__in=charged, carried_out_at__isnull=False, is_borne_by_hospital=False
    )
    sums = (
        done.order_by()
        .values("charge")
        .annotate(fund=Sum("fund_difference"), account=Sum("account_difference"), cash=Sum("cash_difference"))
    )
    for row in sums:
        more = Parts(row["fund"], row["account"], row["cash"])
        charged[row["charge"]] = charged[row["charge"]] + more
    return charged


def _parts(line: FeeDetail) -> Parts:
    """Shares of the line as it was charged, the accounts together; without shares it is all cash."""
    parts = line.parts or Parts.of_cash(line.amount)
    return Parts(parts.fund, parts.accounts, line.amount - parts.fund - parts.accounts)


def earlier_capped(encounter: Encounter, codes: Collection[str], since: date) -> list[FeeDetail]:
    """Settled lines of capped items that the same patient was charged before this encounter, from a day on."""
    earlier = Q(bill__encounter__service_on__lt=encounter.service_on) | Q(
        bill__encounter__service_on=encounter.service_on, bill__encounter__lt=encounter.pk
    )
    return list(
        FeeDetail.objects.filter(
            earlier,
            item_code__in=codes,
            bill__state=BillState.SETTLED,
            bill__encounter__patient=encounter.patient_id,
            bill__encounter__service_on__gte=since,
        )
        .exclude(bill__purpose__in=[BillPurpose.CORRECTION, BillPurpose.RETURN])
        .select_related("bill__encounter")
    )
