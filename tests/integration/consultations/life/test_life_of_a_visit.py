"""What the doctor does with a visit, from calling the patient to the end."""

from datetime import datetime

import pytest

from audit.operations import first_break
from checkout.states import CheckoutState
from consultations import operations
from consultations.errors import NotFinished
from consultations.models import Decision
from kernel.errors import DomainError, NotFoundForYou
from kernel.workflow import IllegalTransition
from payments.models import Refund
from tests.factories.consultations import Booking, channel_says_refunded, texts_sent
from tests.factories.encounters import another_doctor

pytestmark = pytest.mark.django_db


def test_the_doctor_begins_once(waiting: Booking) -> None:
    waiting.begin().begin()
    assert waiting.now().state == "in_progress"
    assert waiting.now().encounter.begun_at == waiting.at
    assert waiting.notices() == ["admitted", "begun"]
    assert texts_sent() == ["visit_begun"]


def test_a_visit_that_is_not_paid_cannot_be_begun(held: Booking) -> None:
    with pytest.raises(NotFoundForYou):
        held.begin()


def test_another_doctor_neither_begins_nor_stops_it(waiting: Booking, now: datetime) -> None:
    other = another_doctor().user
    assert other is not None
    with pytest.raises(NotFoundForYou):
        operations.begin_visit(revisit_id=waiting.revisit.pk, by=other, at=now)
    with pytest.raises(NotFoundForYou):
        operations.stop_visit(revisit_id=waiting.revisit.pk, code="other", reason="", by=other, at=now)


def test_v_05_yes_clears_the_visit_for_prescribing_once(waiting: Booking) -> None:
    waiting.begin().decide().decide()
    assert waiting.now().encounter.cleared_at == waiting.at
    assert waiting.notices().count("confirmed") == 1
    with pytest.raises(DomainError):
        waiting.decide(Decision.NOT_REVISIT)


def test_v_05_no_stops_the_visit_and_the_money_goes_back(waiting: Booking) -> None:
    waiting.begin().decide(Decision.NOT_REVISIT)
    visit = waiting.now()
    assert (visit.state, visit.stop_code) == ("stopped", "not_revisit")
    assert visit.encounter.cleared_at is None
    assert waiting.checkout.state == CheckoutState.REFUNDING


def test_a_decision_needs_a_visit_that_has_begun(waiting: Booking) -> None:
    with pytest.raises(DomainError):
        waiting.decide()


@pytest.mark.parametrize("begun", [False, True], ids=["waiting", "in progress"])
def test_v_06_the_doctor_stops_a_visit_and_the_money_goes_back_once(
    waiting: Booking, now: datetime, *, begun: bool
) -> None:
    if begun:
        waiting.begin()
    for _time in range(2):
        operations.stop_visit(
            revisit_id=waiting.revisit.pk,
            code="needs_examination",
            reason="请先做心电图。",
            by=waiting.doctor,
            at=now,
        )
    visit = waiting.now()
    assert (visit.state, visit.stop_code, visit.stop_reason) == (
        "stopped",
        "needs_examination",
        "请先做心电图。",
    )
    assert visit.encounter.ended_at == now
    assert Refund.objects.count() == 1
    channel_says_refunded(visit)
    assert waiting.checkout.state == CheckoutState.REFUNDED
    assert waiting.notices()[-2:] == ["stopped", "money_back"]
    assert texts_sent()[-2:] == ["visit_stopped", "money_back"]


def test_stopping_needs_a_reason_of_the_list(waiting: Booking, now: datetime) -> None:
    with pytest.raises(DomainError) as refusal:
        operations.stop_visit(
            revisit_id=waiting.revisit.pk, code="tired", reason="", by=waiting.doctor, at=now
        )
    assert refusal.value.field == "code"
    assert waiting.now().state == "waiting"


def test_a_visit_is_finished_after_decision_and_signed_record_only(waiting: Booking) -> None:
    waiting.begin()
    with pytest.raises(NotFinished):
        waiting.complete()
    waiting.decide()
    with pytest.raises(NotFinished):
        waiting.complete()
    waiting.sign().complete().complete()
    visit = waiting.now()
    assert (visit.state, visit.ended_at) == ("completed", waiting.at)
    assert waiting.notices() == ["admitted", "begun", "confirmed", "finished"]
    assert first_break(visit) is None


def test_a_finished_visit_cannot_be_stopped(waiting: Booking, now: datetime) -> None:
    waiting.begin().decide().sign().complete()
    with pytest.raises(IllegalTransition):
        operations.stop_visit(
            revisit_id=waiting.revisit.pk, code="other", reason="", by=waiting.doctor, at=now
        )
    assert not Refund.objects.exists()
