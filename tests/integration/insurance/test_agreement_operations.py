"""The life of an agreement as the office records it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from audit.models import AuditEntry
from encounters.uploads import UploadRefused
from insurance.models import Agreement, AgreementDocument, InsuredService
from insurance.operations import agreements as operations
from insurance.operations.agreement_documents import add_document
from insurance.operations.payable import load_payable_rules, payable_rules_in_file
from insurance.states import AgreementState
from kernel import clock
from kernel.errors import RulesBroken
from kernel.workflow import IllegalTransition
from tests.factories.accounts import StaffFactory
from tests.factories.encounters import AT, pdf, picture, upload
from tests.factories.insurance import AgreementFactory

pytestmark = pytest.mark.django_db
DAY = clock.day_of(AT)
ONE = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Papers of a test go with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def clerk() -> User:
    """Of the insurance office."""
    return StaffFactory(roles=["insurance_office"])


@pytest.fixture
def main() -> Agreement:
    """The physical hospital's agreement."""
    return AgreementFactory(institution__agreements=False)


def application(main: Agreement, **changes: Any) -> dict[str, Any]:
    """A supplement for one year."""
    return {
        "kind": "internet_plus", "institution_id": main.institution_id, "main_id": main.pk, "number": "补-2027",
        "pooling_area": "330100", "agency": "演示市医保中心", "services": [InsuredService.ONLINE_REVISIT.value],
        "valid_from": DAY, "valid_until": DAY + timedelta(days=365), "by": None, "at": AT,
    } | changes  # fmt: skip


def applied(main: Agreement, **changes: Any) -> Agreement:
    """A supplement that was applied for."""
    return operations.apply_for_agreement(**application(main, **changes))


def signed(main: Agreement, clerk: User) -> Agreement:
    """A supplement in force from ``DAY``."""
    made = applied(main)
    add_document(agreement_id=made.pk, title="协议", upload=upload(pdf(), "协议.pdf"), by=clerk, at=AT)
    return operations.sign_agreement(agreement_id=made.pk, signed_on=DAY, by=clerk, at=AT)


def suspended(agreement: Agreement, **changes: Any) -> Agreement:
    """Suspended from ``DAY`` on without an end."""
    asked: dict[str, Any] = {
        "from_on": DAY,
        "until_on": None,
        "reason": "整改",
        "document_number": "通知-1",
        "by": None,
        "at": AT,
    }
    return operations.suspend_agreement(agreement_id=agreement.pk, **(asked | changes))


def rules_of(refused: pytest.ExceptionInfo[RulesBroken]) -> set[tuple[str, str]]:
    """Numbers and fields."""
    return {(each.rule, each.field) for each in refused.value.violations}


def test_from_the_application_to_the_end(main: Agreement, clerk: User) -> None:
    made = signed(main, clerk)
    assert (made.state, made.signed_on) == (AgreementState.SIGNED, DAY)
    assert suspended(made).state == AgreementState.SUSPENDED
    operations.resume_agreement(agreement_id=made.pk, resumed_on=DAY + 5 * ONE, by=clerk, at=AT)
    assert made.suspensions.get().until_on == DAY + 5 * ONE
    ended = operations.end_agreement(
        agreement_id=made.pk, ended_on=DAY + 30 * ONE, reason="续签", by=clerk, at=AT
    )
    assert (ended.state, ended.ended_on) == (AgreementState.ENDED, DAY + 30 * ONE)
    acts = AuditEntry.objects.filter(subject_id=str(made.pk)).order_by("sequence")
    assert [entry.action.rpartition(".")[2] for entry in acts] == [
        "applied", "document_added", "sign", "suspend", "resume", "end",
    ]  # fmt: skip


def test_everything_wrong_with_an_application_is_said_at_once(main: Agreement) -> None:
    with pytest.raises(RulesBroken) as refused:
        applied(main, number=main.number, services=[], main_id=None, valid_until=DAY)
    assert rules_of(refused) == {
        ("IN-12", "number"), ("IN-12", "services"), ("IN-13", "main"), ("IN-14", "valid_until"),
    }  # fmt: skip
    assert Agreement.objects.count() == 1


def test_in_13_a_supplement_rests_on_an_agreement_of_its_own_hospital_and_area(main: Agreement) -> None:
    other = AgreementFactory(institution__code="H33010000002")
    for wrong in ({"main_id": other.pk}, {"pooling_area": "330200"}):
        with pytest.raises(RulesBroken) as refused:
            applied(main, **wrong)
        assert rules_of(refused) == {("IN-13", "main")}


def test_in_15_what_is_called_signed_is_on_file_and_not_in_the_future(main: Agreement, clerk: User) -> None:
    made = applied(main)
    with pytest.raises(RulesBroken) as refused:
        operations.sign_agreement(agreement_id=made.pk, signed_on=DAY + ONE, by=clerk, at=AT)
    assert rules_of(refused) == {("IN-15", "signed_on"), ("IN-15", "")}


def test_in_16_a_suspension_names_a_reason_and_days_of_its_own(main: Agreement, clerk: User) -> None:
    made = signed(main, clerk)
    for wrong, field in (
        ({"reason": " "}, "reason"), ({"from_on": DAY - ONE}, "from_on"), ({"until_on": DAY}, "until_on"),
    ):  # fmt: skip
        with pytest.raises(RulesBroken) as refused:
            suspended(made, **wrong)
        assert field in {name for _rule, name in rules_of(refused)}
    suspended(made, until_on=DAY + 3 * ONE)
    with pytest.raises(RulesBroken) as refused:
        suspended(made, from_on=DAY + 2 * ONE, at=AT + timedelta(days=4))
    assert rules_of(refused) == {("IN-16", "from_on")}


def test_a_suspension_that_has_run_out_can_be_followed_by_another(main: Agreement, clerk: User) -> None:
    made = signed(main, clerk)
    suspended(made, until_on=DAY + 3 * ONE)
    with pytest.raises(IllegalTransition):
        suspended(made, from_on=DAY + 9 * ONE, at=AT + ONE)
    again = suspended(made, from_on=DAY + 9 * ONE, at=AT + timedelta(days=4))
    assert again.state == AgreementState.SUSPENDED
    assert made.suspensions.count() == 2


def test_in_17_and_in_18_days_and_reasons_of_resuming_and_ending(main: Agreement, clerk: User) -> None:
    made = signed(main, clerk)
    suspended(made)
    with pytest.raises(RulesBroken) as refused:
        operations.resume_agreement(agreement_id=made.pk, resumed_on=DAY - ONE, by=clerk, at=AT)
    assert rules_of(refused) == {("IN-17", "resumed_on")}
    made.refresh_from_db()
    assert made.state == AgreementState.SUSPENDED
    with pytest.raises(RulesBroken) as refused:
        operations.end_agreement(agreement_id=made.pk, ended_on=DAY - ONE, reason="", by=clerk, at=AT)
    assert rules_of(refused) == {("IN-18", "reason"), ("IN-18", "ended_on")}


def test_what_was_refused_stays_refused(main: Agreement, clerk: User) -> None:
    made = applied(main)
    operations.refuse_agreement(agreement_id=made.pk, reason="材料不全", by=clerk, at=AT)
    with pytest.raises(IllegalTransition):
        operations.sign_agreement(agreement_id=made.pk, signed_on=DAY, by=clerk, at=AT)


def test_the_same_paper_is_kept_once_and_a_dangerous_one_not_at_all(main: Agreement, clerk: User) -> None:
    kept = [
        add_document(agreement_id=main.pk, title="通知", upload=upload(picture()), by=clerk, at=AT)
        for _twice in range(2)
    ]
    assert kept[0] == kept[1]
    with pytest.raises(UploadRefused):
        add_document(
            agreement_id=main.pk, title="x", upload=upload(pdf(script="app.alert(1)")), by=clerk, at=AT
        )
    assert AgreementDocument.objects.count() == 1


def test_rules_are_loaded_once_and_keep_what_somebody_changed() -> None:
    assert load_payable_rules(rules=payable_rules_in_file(), by=None, at=AT) == len(payable_rules_in_file())
    assert load_payable_rules(rules=payable_rules_in_file(), by=None, at=AT) == 0
