"""Sign up and sign in with a code."""

import secrets
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import override

from accounts import operations, rules
from accounts.models import Role, SignInCode, User
from accounts.operations import AccountClosed, CodeRefused
from audit.operations import first_break
from kernel.errors import RulesBroken
from kernel.limits import LimitReached
from kernel.models import OutboxJob
from tests.factories.accounts import StaffFactory, UserFactory
from tests.integration.accounts.conftest import AT, WrittenDown, digits_sent, forget_limits

MOBILE = "13800000001"

pytestmark = pytest.mark.django_db


def ask(mobile: str = MOBILE, address: str = "10.0.0.1") -> SignInCode:
    return operations.request_code(mobile=mobile, address=address, by=None, at=AT)


def enter(code: str, mobile: str = MOBILE, after: timedelta = timedelta(seconds=30)) -> User:
    return operations.sign_in_with_code(mobile=mobile, code=code, address="10.0.0.1", by=None, at=AT + after)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_new_number_becomes_a_patient_and_the_next_time_it_is_the_same_one() -> None:
    ask("138 0000 0001")
    first = enter(digits_sent())

    assert first.roles == [Role.PATIENT]
    assert first.mobile == MOBILE
    assert first.mobile_verified_at == AT + timedelta(seconds=30)
    assert not first.has_usable_password()
    forget_limits()
    ask()
    assert enter(digits_sent()) == first
    assert User.objects.count() == 1


def test_the_digits_lie_nowhere_in_clear() -> None:
    code = ask()
    digits = digits_sent()

    job = OutboxJob.objects.get(task_name="accounts.send_code")
    assert digits not in str(job.arguments)
    assert digits not in code.code_hash
    assert MOBILE not in str(SignInCode.objects.values_list("mobile_fingerprint", "code_hash")[0])


def test_a_wrong_code_is_counted_and_the_tries_left_are_said() -> None:
    ask()
    with override("en"), pytest.raises(CodeRefused) as refused:
        enter(other_than(digits_sent()))

    assert str(refused.value) == "This is not the code we sent. You can try 4 more times."
    assert SignInCode.objects.get().tries == 1


def test_after_five_wrong_tries_even_the_right_code_does_not_count() -> None:
    ask()
    right = digits_sent()
    for _try in range(rules.CODE_TRIES):
        with pytest.raises(CodeRefused):
            enter(other_than(right))

    with pytest.raises(CodeRefused):
        enter(right)
    assert User.objects.count() == 0


def test_a_code_is_over_after_five_minutes() -> None:
    ask()
    with pytest.raises(CodeRefused):
        enter(digits_sent(), after=timedelta(minutes=5))


def test_a_code_serves_once() -> None:
    ask()
    digits = digits_sent()
    enter(digits)
    with pytest.raises(CodeRefused):
        enter(digits)


def test_only_the_newest_code_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = iter([111111, 222222])
    monkeypatch.setattr(secrets, "randbelow", lambda _limit: next(digits))
    ask()
    forget_limits()
    ask()
    with pytest.raises(CodeRefused):
        enter("111111")
    assert enter("222222").roles == [Role.PATIENT]


def test_a_code_of_one_number_does_not_open_another() -> None:
    ask()
    digits = digits_sent()
    with pytest.raises(CodeRefused):
        enter(digits, mobile="13800000002")


def test_what_is_no_number_or_no_code_is_refused_before_anything_is_counted() -> None:
    with pytest.raises(RulesBroken):
        ask("1380000000")
    ask()
    with pytest.raises(RulesBroken):
        enter("12345")
    assert SignInCode.objects.get().tries == 0


def test_a_closed_account_and_a_member_of_staff_do_not_come_in_by_code() -> None:
    UserFactory(mobile=MOBILE, is_active=False)
    ask()
    with pytest.raises(AccountClosed):
        enter(digits_sent())
    doctor = StaffFactory()
    doctor.set_mobile("13800000009")
    doctor.save()
    ask("13800000009")
    with pytest.raises(AccountClosed):
        enter(digits_sent(), mobile="13800000009")


def test_a_number_is_sent_one_code_a_minute() -> None:
    ask()
    with pytest.raises(LimitReached) as reached:
        ask()
    assert 0 < reached.value.wait <= rules.RESEND_AFTER
    assert SignInCode.objects.count() == 1
    ask("13800000002")


def test_a_number_is_sent_ten_codes_a_day() -> None:
    for _code in range(rules.CODES_A_DAY):
        ask()
        forget_limits("limit:code-minute:*")
    with pytest.raises(LimitReached) as reached:
        ask()
    assert reached.value.wait > rules.HOUR


def test_an_address_asks_for_thirty_codes_an_hour_whatever_the_numbers() -> None:
    for number in range(rules.CODES_PER_ADDRESS_AND_HOUR):
        ask(f"138000001{number:02d}")
    with pytest.raises(LimitReached):
        ask("13800000199")
    ask("13800000199", address="10.0.0.2")


def test_an_outer_rollback_sends_nothing() -> None:
    with pytest.raises(RuntimeError, match="later"), transaction.atomic():
        ask()
        raise RuntimeError("something failed later")
    assert OutboxJob.objects.count() == 0
    assert SignInCode.objects.count() == 0


def test_the_job_hands_the_code_over_once_and_notes_it(gateway: WrittenDown) -> None:
    code = ask()
    digits = digits_sent()
    sealed = OutboxJob.objects.get().arguments["sealed_digits"]
    for _again in range(2):
        operations.deliver_code(code_id=code.pk, sealed_digits=sealed, by=None, at=AT)

    assert gateway.sent == {f"code-{code.pk}": (MOBILE, "sign_in_code", {"code": digits})}
    code.refresh_from_db()
    assert code.sent_at == AT
    assert first_break(code) is None


def test_a_silent_gateway_is_asked_again_until_the_code_is_over(gateway: WrittenDown) -> None:
    gateway.silent = True
    code = ask()
    sealed = OutboxJob.objects.get().arguments["sealed_digits"]
    OutboxJob.objects.all().delete()
    operations.deliver_code(code_id=code.pk, sealed_digits=sealed, by=None, at=AT)

    code.refresh_from_db()
    assert (code.sent_at, code.failed_at) == (None, AT)
    assert OutboxJob.objects.get().due_at == AT + timedelta(seconds=10)
    OutboxJob.objects.all().delete()
    operations.deliver_code(code_id=code.pk, sealed_digits=sealed, by=None, at=AT + timedelta(minutes=5))
    assert OutboxJob.objects.count() == 0
