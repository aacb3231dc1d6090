"""Packs with their codes: out once, back with a reason, both to be told to the insurer."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from kernel import jobs
from prescriptions import operations
from prescriptions.errors import NotDispensable, PacksRefused
from prescriptions.models import DispenseCheck, InsurerReport, PackCode, Prescription, ReportKind
from prescriptions.operations import reporting
from prescriptions.rules.packs import LinePacks
from prescriptions.states import PrescriptionState
from screening.models import TraceCodeUse
from tests.factories import prescriptions as prescribing
from tests.factories.circulation import registered
from tests.factories.prescriptions import AT
from tests.integration.prescriptions.conftest import SignIn

pytestmark = pytest.mark.django_db
ONE, TWO = "81234560000000000001", "81234560000000000002"


@pytest.fixture(autouse=True)
def nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs stay in the outbox."""
    monkeypatch.setattr(jobs, "_sent", lambda job: False)


def paid(**fields: Any) -> Prescription:
    """A prescription of one pack of amlodipine, to be handed out."""
    return prescribing.paid(prescribing.passed(prescribing.signed(prescribing.visit(**fields))))


def scanned(*codes: str, **fields: Any) -> LinePacks:
    """Line 1 with its lot."""
    usual: dict[str, Any] = {"lot_number": "L1", "made_on": date(2026, 9, 1)}
    return LinePacks(1, 1, codes, **(usual | fields))


def hand_out(prescription: Prescription, *packs: LinePacks) -> Prescription:
    """By the pharmacist who passed it."""
    by = prescription.review.reviewer.user
    return operations.dispense(
        prescription_id=prescription.pk, checks=list(DispenseCheck.values), packs=packs, by=by, at=AT
    )


def test_codes_are_kept_with_the_line_and_the_sale_is_to_be_told() -> None:
    prescription = hand_out(paid(), scanned(ONE))

    (pack,) = PackCode.objects.all()
    assert (pack.code, pack.line.prescription_id, pack.lot_number) == (ONE, prescription.pk, "L1")
    report = InsurerReport.objects.get()
    assert (report.kind, report.codes, report.state) == (ReportKind.SALE, [ONE], "waiting")
    assert TraceCodeUse.objects.get(code=ONE).order_key == str(prescription)


def test_without_codes_it_is_handed_out_and_nothing_is_told() -> None:
    assert hand_out(paid()).state == PrescriptionState.DISPENSED
    assert not InsurerReport.objects.exists()


def test_where_codes_are_required_nothing_goes_out_without(settings: Any) -> None:
    settings.TRACEABILITY_CODES_REQUIRED = True

    with pytest.raises(NotDispensable) as refusal:
        hand_out(paid())

    assert [(one.rule, one.field) for one in refusal.value.violations] == [("EP-14", "codes-1")]


def test_a_pack_that_was_sold_is_refused_and_everything_stays_as_it_was() -> None:
    hand_out(paid(), scanned(ONE))
    second = paid()

    with pytest.raises(NotDispensable) as refusal:
        hand_out(second, scanned(ONE))

    second.refresh_from_db()
    assert [one.rule for one in refusal.value.violations] == ["EP-13"]
    assert second.state == PrescriptionState.PAID


def test_the_database_itself_sells_a_code_once() -> None:
    hand_out(paid(), scanned(ONE))
    pack = PackCode.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        PackCode.objects.create(code=ONE, line=pack.line, sold_at=AT, sold_by=pack.sold_by)


def test_what_comes_back_is_told_and_not_sold_again() -> None:
    prescription = hand_out(paid(), scanned(ONE))
    by = prescription.review.reviewer.user

    for _ in range(2):
        operations.take_back(prescription_id=prescription.pk, codes=[ONE], reason="包装破损", by=by, at=AT)

    assert PackCode.objects.get().return_reason == "包装破损"
    assert InsurerReport.objects.filter(kind=ReportKind.RETURN, codes=[ONE]).count() == 1
    with pytest.raises(NotDispensable):
        hand_out(paid(), scanned(ONE))


def test_what_did_not_go_out_does_not_come_back() -> None:
    prescription = hand_out(paid(), scanned(ONE))

    with pytest.raises(PacksRefused):
        operations.take_back(
            prescription_id=prescription.pk,
            codes=[TWO],
            reason="x",
            by=prescription.review.reviewer.user,
            at=AT,
        )


def test_the_record_of_an_ended_visit_is_to_be_told_once() -> None:
    visit = prescribing.visit(ended_at=AT)
    registered(visit)
    prescribing.visit(ended_at=AT)  # one that the insurer does not know

    assert reporting.note_ended_visits(at=AT + timedelta(minutes=1)) == 1
    assert reporting.note_ended_visits(at=AT + timedelta(minutes=2)) == 0
    assert InsurerReport.objects.get().kind == ReportKind.CARE


def test_a_visit_with_a_prescription_under_way_waits() -> None:
    visit = prescribing.visit()
    registered(visit)
    prescribing.signed(visit)
    type(visit.encounter).objects.update(ended_at=AT)

    assert reporting.note_ended_visits(at=AT + timedelta(minutes=1)) == 0


def test_the_desk_keeps_what_was_scanned_and_says_what_is_wrong(signed_in: SignIn) -> None:
    hand_out(paid(), scanned(ONE))
    second = paid()
    browser = signed_in(second.review.reviewer.user)
    typed = {
        "checks": list(DispenseCheck.values), "line-1-codes": ONE, "line-1-lot_number": "L7", "line-1-made_on": "2026-09-01",
    }  # fmt: skip

    answer = browser.post(f"/pharmacy/{second.number}/dispense/", typed)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "已经售出过" in page
    assert 'value="L7"' in page
    assert ONE in page


def test_a_day_that_is_none_is_refused_beside_its_field(signed_in: SignIn) -> None:
    prescription = paid()
    browser = signed_in(prescription.review.reviewer.user)
    typed = {
        "checks": list(DispenseCheck.values), "line-1-codes": ONE, "line-1-made_on": "31.31.2026",
    }  # fmt: skip

    answer = browser.post(f"/pharmacy/{prescription.number}/dispense/", typed)

    assert answer.status_code == 422
    prescription.refresh_from_db()
    assert prescription.state == PrescriptionState.PAID


def test_from_the_desk_packs_go_out_and_come_back(signed_in: SignIn) -> None:
    prescription = paid()
    browser = signed_in(prescription.review.reviewer.user)
    address = f"/pharmacy/{prescription.number}/"
    typed = {
        "checks": list(DispenseCheck.values), "line-1-codes": f" {ONE}\n", "line-1-lot_number": "L7",
        "line-1-made_on": "2026-09-01",
    }  # fmt: skip

    assert browser.post(f"{address}dispense/", typed).status_code == 302
    assert ONE in browser.get(address).content.decode()
    answer = browser.post(f"{address}returned/", {"codes": [ONE], "reason": "包装破损"}, follow=True)

    assert PackCode.objects.get().returned_at is not None
    with override("zh-hans"):
        assert answer.status_code == 200
