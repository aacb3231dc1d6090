"""One slice of charges, priced with the proposals in force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from pricing.rules import QuoteContext
from pricing.rules.facts import ChargedLine
from registry.models import Institution
from repricing.operations.results import Findings, Whose, in_total, summed
from repricing.queries.charges import (
    Case,
    Group,
    Single,
    Window,
    grouped_charges,
    single_charges,
    slice_of,
    sums_by_patient,
)
from repricing.queries.law import Law, Proposals, law_on
from repricing.queries.resting import Reach
from repricing.rules.requoting import Outcome, outcome_of
from repricing.rules.tallies import Tally

_MOST_REMEMBERED = 50_000  # outcomes; about 40 MB
_MOST_LAWS = 32
_UNTOUCHED = Outcome(None)


@dataclass
class Pricer:
    """Prices cases, and remembers what it priced from slice to slice."""

    proposals: Proposals
    reach: Reach
    begin: date
    institutions: dict[int, Institution] = field(default_factory=dict)
    known: dict[Case, Outcome] = field(default_factory=dict)
    laws: dict[tuple[int, int, frozenset[str]], Law | None] = field(default_factory=dict)

    def run(self, window: Window, findings: Findings) -> None:
        """Add one slice to the findings, inside a transaction."""
        with slice_of(window, self.reach.touched, self.turning):
            self._run(findings)

    def _run(self, findings: Findings) -> None:
        groups = grouped_charges()
        outcomes = self._priced({group.case for group in groups if group.case.code})
        rows = [self._counted(group, outcomes.get(group.case, _UNTOUCHED), findings) for group in groups]
        priced = {case: made.amount for case, made in outcomes.items() if made.amount is not None}
        patients = {who: (charged, proposed) for who, charged, proposed in sums_by_patient(priced)}
        for single, outcome in self._one_by_one(single_charges()):
            rows.append(self._counted(single.group, outcome, findings))
            if outcome.amount is not None:
                charged, proposed = patients.get(single.patient_id, (Decimal(0), Decimal(0)))
                paid = single.group.charged.total
                patients[single.patient_id] = (charged + paid, proposed + outcome.amount)
        findings.take(summed(rows))
        findings.patients = findings.patients.with_more((who, *both) for who, both in patients.items())

    @property
    def turning(self) -> tuple[date, ...]:
        """Days between which the law stands still."""
        return self.reach.turning_days

    def _counted(self, group: Group, outcome: Outcome, findings: Findings) -> tuple[Whose, Tally]:
        whose = (group.case.code, group.case.institution_id, group.age_group)
        paid = group.charged
        if outcome.refusal:
            findings.refuse(outcome.refusal, group)
        if outcome.amount is None:
            return whose, Tally(group.count, paid, in_total(paid.total))
        proposed = outcome.amount * group.count
        if proposed != paid.total:
            findings.changed_count += group.count
        return whose, Tally(group.count, paid, in_total(proposed))

    def _priced(self, cases: set[Case]) -> dict[Case, Outcome]:
        """What each case would cost; the law is asked once for an institution and a stretch of days."""
        if len(self.known) > _MOST_REMEMBERED:
            self.known.clear()
        new = sorted((case for case in cases if case not in self.known), key=_where)
        for (institution, segment), same in groupby(new, key=_where):
            alike = list(same)
            law = self._law(institution, segment, frozenset(case.code for case in alike))
            for case in alike:
                self.known[case] = _UNTOUCHED if law is None else self._outcome(case, law)
        return {case: self.known[case] for case in cases}

    def _outcome(self, case: Case, law: Law) -> Outcome:
        context = _context(law.context, case)
        return outcome_of(case.line(), context, now=law.now, proposed=law.proposed)

    def _law(self, institution: int, segment: int, codes: frozenset[str]) -> Law | None:
        key = (institution, segment, codes)
        if key not in self.laws:
            if len(self.laws) >= _MOST_LAWS:
                self.laws.clear()
            day = self.turning[segment - 1] if segment else self.begin
            needed = {base for code in codes for base in self.reach.rests_on[code]}
            self.laws[key] = law_on(
                self._institution(institution), max(day, self.begin), needed, self.proposals
            )
        return self.laws[key]

    def _institution(self, pk: int) -> Institution:
        if pk not in self.institutions:
            self.institutions[pk] = Institution.objects.get(pk=pk)
        return self.institutions[pk]

    def _one_by_one(self, singles: Iterator[Single]) -> Iterator[tuple[Single, Outcome]]:
        """Charges whose caps look at what the same patient was charged before, at the proposed prices."""
        capped = frozenset(item.code for item in self.reach.touched if item.is_capped)
        for _patient, charges in groupby(singles, key=lambda single: single.patient_id):
            paid: list[ChargedLine] = []
            then: list[ChargedLine] = []
            for single in charges:
                outcome = self._single(single, capped, paid, then)
                amount = single.group.charged.total
                paid.append(_as_charged(single, amount))
                then.append(_as_charged(single, amount if outcome.amount is None else outcome.amount))
                yield single, outcome

    def _single(
        self,
        single: Single,
        capped: frozenset[str],
        paid: Sequence[ChargedLine],
        then: Sequence[ChargedLine],
    ) -> Outcome:
        case = single.group.case
        law = self._law(case.institution_id, case.segment, capped)
        if law is None:
            return _UNTOUCHED
        context = replace(
            _context(law.context, case), service_on=single.service_on, encounter=single.encounter
        )
        return outcome_of(
            single.line,
            context,
            now=replace(law.now, charged=tuple(paid)),
            proposed=replace(law.proposed, charged=tuple(then)),
        )


def _where(case: Case) -> tuple[int, int]:
    return case.institution_id, case.segment


def _context(context: QuoteContext, case: Case) -> QuoteContext:
    return replace(
        context,
        practitioner_title=case.title or None,
        patient_age=case.age if case.age >= 0 else None,
        department=case.department,
    )


def _as_charged(single: Single, amount: Decimal) -> ChargedLine:
    return ChargedLine(
        item_code=single.line.item_code,
        quantity=single.line.quantity,
        amount=amount,
        service_on=single.service_on,
        encounter=single.encounter,
    )
