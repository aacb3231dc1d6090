"""Price the touched charges once more and list every difference, a few encounters at a time."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from billing.models import FeeDetail
from billing.rules import Parts
from encounters.models import Encounter
from kernel import clock, jobs
from pricing.rules import QuoteContext, ServiceLine, TariffFacts
from pricing.rules.facts import ChargedLine
from repricing.models import CorrectionBatch, CorrectionLine
from repricing.operations.drafting import locked, move
from repricing.queries.corrected import (
    Touching,
    days_of,
    earlier_capped,
    encounters_touched,
    settled_lines,
    standing_parts,
    unsettled_count,
)
from repricing.queries.law import facts_on, proposals_of
from repricing.queries.resting import Reach, reach_of
from repricing.rules.differences import Difference, difference_of
from repricing.rules.requoting import requote, with_mains
from repricing.states import BatchEvent, BatchState

ENCOUNTERS_AT_ONCE = 200
_LONGEST_CAP = 366  # days: no tariff is known whose cap looks back further than a year


def collect(*, batch_id: int, seconds: float) -> None:
    """Look at charges for about so many seconds; what is left is left to a job that follows."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _step(batch_id):
            return
    jobs.enqueue("repricing.collect", batch_id=batch_id)


@transaction.atomic
def _step(batch_id: int) -> bool:
    """The next encounters under the lock of the batch; whether the list is complete."""
    batch = locked(batch_id)
    if batch.state != BatchState.COLLECTING:
        return True
    at = clock.now()
    days = days_of(batch.revision, clock.day_of(at))
    proposals = proposals_of(batch.revision)
    reach = reach_of(proposals.item_ids)
    codes = tuple(item.code for item in reach.touched)
    touching = Touching(codes, *days) if days else None
    found = encounters_touched(touching, batch.cursor, ENCOUNTERS_AT_ONCE) if touching else []
    if found:
        batch.looked_at_count += _Collector(batch, reach).take(found)
        last = found[-1]
        batch.cursor = [last.patient_id, last.service_on.isoformat(), last.pk]
        batch.save(update_fields=["cursor", "looked_at_count"])
    if len(found) == ENCOUNTERS_AT_ONCE:
        return False
    left = unsettled_count(touching) if touching else 0
    move(batch, BatchEvent.LIST, by=None, at=at, unsettled_count=left)
    return True


@dataclass
class _Collector:
    """Prices encounters by what is known now; facts are gathered once for an institution and a day."""

    batch: CorrectionBatch
    reach: Reach
    laws: dict[tuple[int, date], tuple[QuoteContext, TariffFacts]] = field(default_factory=dict)

    def take(self, encounters: Sequence[Encounter]) -> int:
        """List the differences of the encounters; returns how many charges were looked at."""
        lines = settled_lines([encounter.pk for encounter in encounters])
        touched = {item.code for item in self.reach.touched}
        standing = standing_parts(
            line for each in lines.values() for line in each if line.item_code in touched
        )
        codes = {line.item_code for each in lines.values() for line in each}
        found: list[CorrectionLine] = []
        count = 0
        for encounter in encounters:
            own = lines.get(encounter.pk, [])
            differences = self._differences(encounter, own, touched, codes, standing, found)
            count += sum(1 for line in own if line.item_code in touched)
            found += [_line(self.batch, line, each) for line, each in differences]
        CorrectionLine.objects.bulk_create(found)
        return count

    def _differences(
        self,
        encounter: Encounter,
        lines: list[FeeDetail],
        touched: set[str],
        codes: set[str],
        standing: dict[int, Parts],
        found: list[CorrectionLine],
    ) -> list[tuple[FeeDetail, Difference]]:
        """One for each touched line whose right amount is another, or not to be had."""
        context, facts = self._law(encounter, codes)
        references = {str(line.pk): line for line in lines}
        asked = with_mains([_asked(line, lines) for line in lines], facts)
        made = requote(
            asked,
            replace(
                context,
                practitioner_title=_title(encounter, lines),
                patient_age=encounter.patient.age_on(encounter.service_on),
                department=encounter.department.code,
                encounter=encounter.number,
            ),
            replace(facts, charged=self._before(encounter, found)),
        )
        differences = (
            (line, difference_of(standing[line.pk], made.priced.get(key), made.refused.get(key)))
            for key, line in references.items()
            if line.item_code in touched
        )
        return [(line, each) for line, each in differences if each is not None]

    def _law(self, encounter: Encounter, codes: set[str]) -> tuple[QuoteContext, TariffFacts]:
        key = (encounter.institution_id, encounter.service_on)
        if key not in self.laws:
            needed = {base for code in codes for base in self.reach.rests_on.get(code, {code})}
            self.laws[key] = facts_on(encounter.institution, encounter.service_on, needed)
        return self.laws[key]

    def _before(self, encounter: Encounter, found: list[CorrectionLine]) -> tuple[ChargedLine, ...]:
        """What capped items the patient was charged before, at their right amounts."""
        capped = {item.code for item in self.reach.touched if item.is_capped}
        if not capped:
            return ()
        lines = earlier_capped(encounter, capped, encounter.service_on - timedelta(days=_LONGEST_CAP))
        listed = self.batch.lines.filter(charge__in=lines).values_list("charge", "right_amount")
        known = dict(listed) | {line.charge_id: line.right_amount for line in found}
        right = {pk: amount for pk, amount in known.items() if amount is not None}
        return tuple(
            ChargedLine(
                item_code=line.item_code,
                quantity=line.quantity,
                amount=right.get(line.pk, line.amount),
                service_on=line.bill.encounter.service_on,
                encounter=line.bill.encounter.number,
            )
            for line in lines
        )


def _asked(line: FeeDetail, lines: Sequence[FeeDetail]) -> ServiceLine:
    """The line as it was asked; its reference is its id, that of its main line the id of that one."""
    asked = line.service_line()
    main = next(
        (
            other
            for other in lines
            if other.bill_id == line.bill_id and str(other.number) == asked.main_reference
        ),
        None,
    )
    return replace(
        asked,
        reference=str(line.pk),
        main_reference=str(main.pk) if main else None,
        condition=asked.condition or line.price.condition,
    )


def _title(encounter: Encounter, lines: Sequence[FeeDetail]) -> str:
    """The title that set a price then, else the practitioner's of today."""
    charged = (line.price.title for line in lines if line.price.title)
    return next(charged, encounter.practitioner.title)


def _line(batch: CorrectionBatch, line: FeeDetail, found: Difference) -> CorrectionLine:
    return CorrectionLine(
        batch=batch,
        charge=line,
        standing_amount=found.standing.total,
        right_amount=found.right,
        difference_amount=found.parts.total,
        fund_difference=found.parts.fund,
        account_difference=found.parts.account,
        cash_difference=found.parts.cash,
        price_id=found.price_id,
        document_id=found.document_id,
        refusal=found.refusal,
    )
