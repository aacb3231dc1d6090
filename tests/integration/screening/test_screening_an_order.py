"""What is found in an order is kept with its answer, and never changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from screening import operations
from screening.errors import ScreeningRefused
from screening.models import Analysis, Asked, Screening, ScreeningFinding
from screening.queries import look
from screening.rules.digest import digest_of
from screening.rules.facts import OrderFacts
from screening.rules.kinds import Effect, Kind, Moment
from tests.factories import prescriptions as rx
from tests.factories import screening as factory
from tests.factories.registry import PatientFactory
from tests.factories.screening import AT

pytestmark = pytest.mark.django_db
SIGNING, CHARGING, DISPENSING = Moment.BEFORE_SIGNING, Moment.BEFORE_CHARGING, Moment.BEFORE_DISPENSING


@pytest.fixture
def order() -> OrderFacts:
    """An insured order of a visit that exists, with one line of a national code."""
    visit = rx.visit()
    return factory.order(
        encounter=visit.encounter.number,
        prescriber=visit.doctor.insurance_code,
        key="P1/1",
        insurance_type="310",
    )


def warned() -> None:
    factory.knowledge(factory.rule(kind=Kind.SECOND_LINE), "奥美拉唑肠溶胶囊", factory.line().national_code)


def key_of(order: OrderFacts) -> str:
    (one,) = look(order, SIGNING)
    return one.key


def test_a_clear_order_leaves_a_row_that_says_so(order: OrderFacts) -> None:
    result = operations.screen(order, moment=SIGNING, by=None, at=AT)
    assert result.may_go_on
    row = Screening.objects.get()
    assert (row.outcome, row.asked, row.digest) == ("clear", Asked.NOT_ASKED, digest_of(order))


def test_a_warning_stops_until_it_has_a_reason_and_the_reason_is_kept(order: OrderFacts) -> None:
    warned()
    result = operations.screen(order, moment=SIGNING, by=None, at=AT)
    assert not result.may_go_on
    with pytest.raises(ScreeningRefused) as refusal:
        result.refuse()
    assert [(each.rule, each.field) for each in refusal.value.violations] == [("SR-91", "line-1")]
    again = operations.screen(order, moment=SIGNING, answers={key_of(order): "一线药不耐受"}, by=None, at=AT)
    assert again.may_go_on
    assert again.screening.outcome == "answered"
    assert again.screening.findings.get().reason == "一线药不耐受"


def test_a_denial_has_no_reason_that_would_help(order: OrderFacts) -> None:
    factory.knowledge(
        factory.rule(kind=Kind.VISIT_MODE, effect=Effect.DENY.value), "奥美拉唑肠溶胶囊", factory.line().national_code,
        limit="inpatient",
    )  # fmt: skip
    result = operations.screen(order, moment=SIGNING, answers={key_of(order): "理由"}, by=None, at=AT)
    assert not result.may_go_on
    assert ScreeningFinding.objects.get().reason == ""


@pytest.mark.parametrize(
    "change", [{"is_on": False}, {"effective": factory.DateRange(factory.date(2027, 1, 1), None)}]
)
def test_a_rule_that_is_off_or_not_yet_in_force_says_nothing(order: OrderFacts, change) -> None:
    rule = factory.rule(kind=Kind.SECOND_LINE, **change)
    factory.knowledge(rule, "奥美拉唑肠溶胶囊", factory.line().national_code)
    assert look(order, SIGNING) == ()


@pytest.mark.parametrize(
    ("model", "change"), [(Screening, {"outcome": "clear"}), (ScreeningFinding, {"reason": "x"})]
)
def test_what_was_found_is_never_changed_or_deleted(order: OrderFacts, model, change) -> None:
    warned()
    operations.screen(order, moment=SIGNING, by=None, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_the_number_of_statements_does_not_grow_with_rules_points_or_lines(order: OrderFacts) -> None:
    def statements(of: OrderFacts) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            look(of, SIGNING)
        return len(captured)

    warned()
    few = statements(order)
    for number in range(20):
        rule = factory.rule(f"SR-{number + 30}", Kind.SECOND_LINE)
        factory.knowledge(rule, "奥美拉唑肠溶胶囊", factory.line().national_code)
    many = replace(order, lines=tuple(factory.line(number=number) for number in range(1, 101)))
    assert statements(many) == few
    assert few <= 6


def test_a_device_that_booked_for_six_patients_is_recorded(order: OrderFacts) -> None:
    rule = factory.rule(
        kind=Kind.DEVICE,
        is_only_insured=False,
        thresholds={"most_patients": "5", "hours": "24"},
        effect="record",
    )
    for number in range(5):
        other = rx.visit(patient=PatientFactory(), patient_user=factory.officer(), number=f"V9{number}")
        operations.note_device(
            encounter_id=other.encounter.pk, device="10.0.0.1 Phone", at=AT - timedelta(hours=number)
        )
    mine = rx.Encounter.objects.get(number=order.encounter)
    assert look(order, CHARGING) == ()
    operations.note_device(encounter_id=mine.pk, device="10.0.0.1 Phone", at=AT)
    (one,) = look(order, CHARGING)
    assert (one.rule, one.effect) == (rule.number, Effect.RECORD)
    # The sixth patient was a day ago: five are a family.
    assert look(replace(order, at=AT + timedelta(hours=21)), CHARGING) == ()


def test_what_a_doctor_signed_within_the_minute_is_counted_and_stopped_ones_are_not(
    order: OrderFacts,
) -> None:
    factory.rule(kind=Kind.PACE, thresholds={"most_orders": "3", "seconds": "60"})
    for number in range(3):
        earlier = replace(order, key=f"P{number + 2}/1")
        operations.screen(earlier, moment=SIGNING, by=None, at=AT - timedelta(seconds=50 - number))
    assert [one.rule for one in look(order, SIGNING)] == ["SR-91"]
    assert look(replace(order, at=AT + timedelta(seconds=11)), SIGNING) == ()
    assert look(replace(order, key="P2/1"), SIGNING) == ()  # itself does not count


def test_a_trace_code_is_sold_once_until_it_comes_back(order: OrderFacts) -> None:
    factory.rule(kind=Kind.TRACE_CODE, effect=Effect.DENY.value)
    at_counter = replace(order, trace_codes=("8100000000000000001",))
    operations.sell_trace_codes(codes=at_counter.trace_codes, order_key="P1/1", institution_code="H1", at=AT)
    operations.sell_trace_codes(codes=at_counter.trace_codes, order_key="P1/1", institution_code="H1", at=AT)
    assert look(at_counter, DISPENSING) == ()  # the same sale
    other = replace(at_counter, key="P2/1")
    assert [one.effect for one in look(other, DISPENSING)] == [Effect.DENY]
    with pytest.raises(IntegrityError), transaction.atomic():
        operations.sell_trace_codes(codes=other.trace_codes, order_key="P2/1", institution_code="H1", at=AT)
    assert operations.return_trace_codes(codes=at_counter.trace_codes, order_key="P1/1", at=AT) == 1
    assert look(other, DISPENSING) == ()


def answered(order: OrderFacts, **fields) -> Analysis:
    warning = {
        "id": "JR1", "rule": "R01", "name": "配伍禁忌", "content": "处方中存在配伍禁忌", "evidence": "说明书", "severity": "2",
        "amount": "", "lines": [1],
    }  # fmt: skip
    named = {
        "encounter": rx.Encounter.objects.get(number=order.encounter), "order_key": order.key,
        "digest": digest_of(order), "moment": SIGNING.value, "asked": Asked.ANSWERED, "warnings": [warning],
        "asked_at": AT,
    }  # fmt: skip
    return Analysis.objects.create(**(named | fields))


def test_what_the_insurer_found_asks_for_a_reason_like_our_own_rules(order: OrderFacts) -> None:
    answered(order)
    (one,) = look(order, SIGNING)
    assert (one.rule, one.effect, one.lines, one.origin) == ("R01", Effect.WARN, (1,), "insurer")
    assert look(replace(order, lines=(factory.line(days=8),)), SIGNING) == ()  # another content
    assert look(order, CHARGING) == ()


def test_silence_of_the_insurer_leaves_the_local_rules_and_is_told(order: OrderFacts) -> None:
    answered(order, asked=Asked.SILENT, warnings=[])
    result = operations.screen(order, moment=SIGNING, by=None, at=AT)
    assert result.may_go_on
    assert result.screening.asked == Asked.SILENT


def test_going_on_is_told_with_the_reason_and_what_was_changed_as_changed(order: OrderFacts) -> None:
    answered(order, digest="0" * 64)
    answered(order)
    result = operations.screen(order, moment=SIGNING, answers={key_of(order): "已核对"}, by=None, at=AT)
    changed, stayed = operations.report_handling_later(result.screening)
    assert changed.answers == [{"id": "JR1", "way": "2", "reason": ""}]
    assert stayed.answers == [{"id": "JR1", "way": "1", "reason": "已核对"}]
    assert operations.report_handling_later(result.screening) == []


def test_who_pays_herself_and_who_is_not_registered_are_not_asked_about(order: OrderFacts) -> None:
    assert operations.analyse(replace(order, insurance_type=""), moment=SIGNING, at=AT) == Asked.NOT_INSURED
    assert operations.analyse(order, moment=SIGNING, at=AT) == Asked.NOT_KNOWN_THERE
    assert not Analysis.objects.exists()


def test_switched_off_nobody_is_asked(order: OrderFacts, settings) -> None:
    settings.SCREENING_ASKS_INSURER = False
    assert operations.analyse(order, moment=SIGNING, at=AT) == Asked.NOT_ASKED
