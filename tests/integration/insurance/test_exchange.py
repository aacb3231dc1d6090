"""Messages to the insurer: written before they are sent, sent again under their number, never in a transaction."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from checkout.models import Checkout
from checkout.states import CheckoutState
from insurance.gateway.port import Exchange, GatewayMisconfigured, GatewayRefused, GatewayUnanswered
from insurance.models import Claim, GatewayMessage, Settlement, SignIn
from insurance.operations import abandon_claim, insurer, reverse_claim, submit_claim
from insurance.operations.messages import exchange
from insurance.operations.presettling import presettle_claim
from insurance.operations.settling import settle_claim
from insurance.operations.turns import turn
from insurance.states import ClaimState, MessageState
from kernel import clock
from kernel.models import OutboxJob
from kernel.workflow import IllegalTransition
from tests.factories import claims as factory
from tests.integration.checkout.conftest import ask_again
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


def messages(code: str) -> list[GatewayMessage]:
    """Our messages of one kind, oldest first."""
    return list(GatewayMessage.objects.filter(transaction_code=code))


def answers(msgid: str) -> Exchange[str]:
    """An insurer that says yes."""
    return Exchange("request", "reply", msgid)


# --- One exchange -----------------------------------------------------------------------------------


def test_the_insurer_is_never_called_inside_a_transaction(claim: Claim) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        exchange("2201", answers, registration=claim.registration)
    assert messages("2201") == []


def test_the_intent_is_committed_before_the_call(claim: Claim) -> None:
    def seen_by_another_connection(msgid: str) -> Exchange[bool]:
        def look() -> bool:
            try:
                return GatewayMessage.objects.filter(msgid=msgid, state=MessageState.WRITTEN).exists()
            finally:
                connection.close()

        with ThreadPoolExecutor(max_workers=1) as pool:
            return Exchange("", "", pool.submit(look).result(timeout=30))

    assert exchange("2201", seen_by_another_connection, registration=claim.registration) is True


def test_what_the_insurer_says_of_a_person_is_kept_masked_and_whole_only_where_it_is_encrypted(
    claim: Claim,
) -> None:
    patient = claim.registration.encounter.patient
    said = f"参保人{patient.name}（{patient.id_number}，13800000001）待遇暂停，报文H33010000001202611221105550001"

    def refuses(msgid: str) -> Exchange[str]:
        raise GatewayRefused(said, reply_text=said)

    with pytest.raises(GatewayRefused) as refused:
        exchange("2201", refuses, registration=claim.registration)
    masked = "参保人张*英（330***********9829，138****0001）待遇暂停，报文H33010000001202611221105550001"
    [message] = messages("2201")
    assert (refused.value.reason, str(refused.value), message.error_text) == (masked, masked, masked)
    assert message.reply_text == said


def test_a_settlement_number_is_taken_once_in_a_pooling_area(claim: Claim) -> None:
    now = clock.now()
    first, second, third = (factory.claim(ClaimState.SETTLED, at=now) for _ in range(3))
    row = factory.settlement(first, at=now)
    columns = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields[1:]}

    Settlement.objects.create(**columns | {"claim_id": second.pk, "msgid": "A", "insured_region": "110100"})
    with pytest.raises(IntegrityError, match="settlement_number_of_an_area"):
        Settlement.objects.create(**columns | {"claim_id": third.pk, "msgid": "B"})


def test_a_message_without_an_answer_is_sent_again_under_its_number(claim: Claim) -> None:
    sent: list[str] = []

    def silent(msgid: str) -> Exchange[str]:
        sent.append(msgid)
        raise GatewayUnanswered("silence")

    with pytest.raises(GatewayUnanswered):
        exchange("2201", silent, registration=claim.registration)
    assert messages("2201")[0].state == MessageState.UNANSWERED
    sent.append(exchange("2201", answers, registration=claim.registration))
    [message] = messages("2201")
    assert sent == [message.msgid, message.msgid]
    assert (message.state, message.attempts) == (MessageState.ANSWERED, 2)


def test_a_message_whose_sender_was_killed_is_sent_again_under_its_number(claim: Claim) -> None:
    def killed(msgid: str) -> Exchange[str]:
        raise SystemExit

    with pytest.raises(SystemExit):
        exchange("2201", killed, registration=claim.registration)
    [written] = messages("2201")
    assert written.state == MessageState.WRITTEN
    assert exchange("2201", answers, registration=claim.registration) == written.msgid


@pytest.mark.parametrize("end", ["answered", "refused"])
def test_after_an_end_the_next_message_has_a_number_of_its_own(claim: Claim, end: str) -> None:
    def refuses(msgid: str) -> Exchange[str]:
        raise GatewayRefused("演示：不予受理")

    first = answers if end == "answered" else refuses
    try:
        exchange("2201", first, registration=claim.registration)
    except GatewayRefused:
        assert messages("2201")[0].error_text == "演示：不予受理"
    exchange("2201", answers, registration=claim.registration)
    numbers = [message.msgid for message in messages("2201")]
    assert len(set(numbers)) == 2


def test_a_closed_way_is_no_refusal(claim: Claim) -> None:
    def closed(msgid: str) -> Exchange[str]:
        raise GatewayMisconfigured("wrong token")

    with pytest.raises(GatewayUnanswered):
        exchange("2201", closed, registration=claim.registration)
    assert messages("2201")[0].state == MessageState.UNANSWERED


def test_silence_never_overwrites_an_answer(claim: Claim) -> None:
    msgid = exchange("2207A", answers, registration=claim.registration, claim=claim, msgid="M" * 30)

    def silent(_msgid: str) -> Exchange[str]:
        raise GatewayUnanswered("silence")

    with pytest.raises(GatewayUnanswered):
        exchange("2207A", silent, registration=claim.registration, claim=claim, msgid=msgid)
    assert messages("2207A")[0].state == MessageState.ANSWERED


def test_a_message_is_written_by_one_statement_and_completed_by_another(claim: Claim) -> None:
    with CaptureQueriesContext(connection) as captured:
        exchange("2201", answers, registration=claim.registration)
    told = [query["sql"] for query in captured.captured_queries]
    assert sum("insurance_gatewaymessage" in sql or "insurance_message_serial" in sql for sql in told) == 2


def test_a_number_that_another_claim_has_is_not_said_again(claim: Claim) -> None:
    exchange("2207A", answers, registration=claim.registration, claim=claim, msgid="M" * 30)
    with pytest.raises(IntegrityError):
        exchange("2207A", answers, registration=claim.registration, msgid="M" * 30)
    assert messages("2207A")[0].attempts == 1


def test_what_was_said_lies_encrypted(checkout: Checkout) -> None:
    [message] = messages("1101")
    assert "330106195603089829" in message.request_text
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request_text, reply_text FROM insurance_gatewaymessage WHERE id = %s", [message.pk]
        )
        stored = cursor.fetchone()
    assert all(text.startswith("sm4:") for text in stored)


# --- The operator's day -----------------------------------------------------------------------------


def test_the_operator_signs_in_once_a_day(checkout: Checkout) -> None:
    assert GatewayMessage.objects.count() >= 5
    assert SignIn.objects.count() == 1


def test_a_new_day_signs_in_anew(checkout: Checkout, work: Work) -> None:
    SignIn.objects.update(signed_on=clock.day_of(clock.now()) - timedelta(days=1))
    insurer._client.cache_clear()  # a process that has not signed in today
    Claim.objects.update(state=ClaimState.DRAFT, next_ask_at=clock.now())
    ask_again(work)
    assert SignIn.objects.filter(signed_on=clock.day_of(clock.now())).count() == 1


def test_a_sign_number_the_insurer_has_forgotten_is_renewed(
    claim: Claim, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2206A", kind="stale_sign_no")
    work()
    claim.refresh_from_db()
    assert claim.state == ClaimState.PRESETTLED
    assert SignIn.objects.count() == 2


# --- Asking what the insurer would pay --------------------------------------------------------------


@pytest.mark.parametrize("infno", ["1101", "2201", "2203A", "2204", "2206A"])
@pytest.mark.parametrize("fault", ["http_502", "http_502_after_commit"])
def test_an_estimate_goes_on_where_it_got_no_answer(
    infno: str, fault: str, claim: Claim, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno=infno, kind=fault)
    work()
    claim.refresh_from_db()
    assert claim.state == ClaimState.DRAFT, "silence is no refusal"
    ask_again(work)
    claim.refresh_from_db()
    assert claim.state == ClaimState.PRESETTLED
    assert len(messages("2201")) == 1, "the visit was registered under one number"
    assert len(messages("2204")) == 1, "the fees were uploaded under one number"


def test_a_refused_estimate_lets_her_pay_herself(
    checkout: Checkout, simulators: Simulators, work: Work
) -> None:
    simulators.control("insurer", "faults", infno="2206A", kind="business_error", text="演示：待遇暂停")
    Claim.objects.update(state=ClaimState.DRAFT, next_ask_at=clock.now())
    Checkout.objects.update(state=CheckoutState.ESTIMATING)
    ask_again(work)
    checkout.refresh_from_db()
    assert checkout.state == CheckoutState.DECLINED
    assert "演示：待遇暂停" in checkout.decline_reason


def test_only_one_worker_at_a_time_speaks_of_a_visit(claim: Claim) -> None:
    def ask_meanwhile() -> None:
        try:
            presettle_claim(claim_id=claim.pk)
        finally:
            connection.close()

    OutboxJob.objects.all().delete()
    with turn(claim.pk) as mine, ThreadPoolExecutor(max_workers=1) as pool:
        assert mine
        pool.submit(ask_meanwhile).result(timeout=30)
    assert messages("1101") == []
    job = OutboxJob.objects.get()
    assert (job.task_name, job.arguments) == (
        "insurance.presettle_claim",
        {"claim_id": claim.pk, "times": None},
    )
    assert job.due_at > clock.now() - timedelta(seconds=30)


def test_a_worker_that_is_gone_gives_its_turn_back(claim: Claim) -> None:
    def take_and_die() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x1A5, claim.registration_id])
        connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(take_and_die).result(timeout=30)
    until = time.monotonic() + 10
    while True:
        with turn(claim.pk) as mine:
            if mine:
                return
        assert time.monotonic() < until, "the database does not notice that the worker is gone"


# --- Settling ---------------------------------------------------------------------------------------


def test_a_claim_is_submitted_once(checkout: Checkout) -> None:
    claim = submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
    with pytest.raises(IllegalTransition):
        submit_claim(claim_id=claim.pk, by=None, at=clock.now())
    claim.refresh_from_db()
    assert claim.settle_msgid


def test_an_outer_rollback_submits_nothing(checkout: Checkout) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
        raise RuntimeError
    assert Claim.objects.get().state == ClaimState.PRESETTLED
    assert not OutboxJob.objects.filter(task_name="insurance.settle_claim").exists()


def test_the_settling_job_run_twice_settles_once(checkout: Checkout, simulators: Simulators) -> None:
    claim = submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
    for _run in range(2):
        settle_claim(claim_id=claim.pk)
    held = httpx.get(f"{simulators.url}/insurer/control/settlements/", timeout=30).json()["settlements"]
    assert [row["msgid"] for row in held] == [claim.settle_msgid]
    assert Settlement.objects.count() == 1


def test_a_claim_that_is_not_settled_cannot_be_taken_back(checkout: Checkout) -> None:
    with pytest.raises(IllegalTransition):
        reverse_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())


def test_a_claim_under_way_is_not_given_up(checkout: Checkout) -> None:
    claim = submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
    abandon_claim(claim_id=claim.pk, by=None, at=clock.now())
    assert Claim.objects.get().state == ClaimState.SETTLING


def test_the_database_keeps_one_settlement_of_a_claim_and_never_changes_it(checkout: Checkout) -> None:
    claim = submit_claim(claim_id=checkout.claim_id or 0, by=None, at=clock.now())
    settle_claim(claim_id=claim.pk)
    settlement = Settlement.objects.get()
    for change in (
        lambda: Settlement.objects.update(fund_amount=0),
        lambda: Settlement.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    settlement.pk, settlement.number, settlement.msgid = None, "another", "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        settlement.save(force_insert=True)


def test_a_slow_insurer_is_not_waited_for_without_end(
    claim: Claim, simulators: Simulators, work: Work, settings: Settings
) -> None:
    simulators.control("insurer", "faults", infno="2206A", kind="silent_before_commit", delay_seconds=30)
    before = clock.now()
    work()
    simulators.control("insurer", "clear_faults")
    assert clock.now() - before < timedelta(seconds=20)
    assert Claim.objects.get().state == ClaimState.DRAFT
