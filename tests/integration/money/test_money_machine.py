"""Whatever happens to a bill, in whatever order: ledger, bill, insurer and channel are equal whenever all is quiet.

The database is real, and insurer and channels are the simulators beside us, over HTTP. ``MONEY_MACHINE_EXAMPLES`` makes a
longer run, for example ``MONEY_MACHINE_EXAMPLES=500 pytest -n 0 tests/integration/money/test_money_machine.py``.
"""

import os
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, seed
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from accounts.models import User
from billing.models import BillPurpose
from checkout.operations import choose_insurance, choose_self_pay, close_unpaid, push, stop
from checkout.operations import start_payment as open_order
from checkout.rules import TOO_LATE
from checkout.states import CheckoutState
from kernel import clock
from kernel.errors import DomainError
from payments.models import Channel, Scene
from payments.operations.refunds import ask_again
from refunds.operations import approve, decline, refund_by_policy, request_refund, send_again
from refunds.rules.situations import Situation
from registry.models import Patient
from tests.integration.money.course import Course, Worker, World
from tests.integration.money.outside import tap_pay, tap_refuse
from tests.integration.money.sums import failed_refunds, faults_at_any_time, faults_at_rest
from tests.verification.notified import NotifyAddress
from tests.verification.simulators import Simulators

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("MONEY_MACHINE_EXAMPLES", "8"))
STEPS = 12
BATCH = 8
"""Courses of one seed: later ones of a longer run would mostly repeat the first with little changed."""


class Then(StrEnum):
    """What happens after something was done."""

    REST = "everybody goes on until all is quiet"
    WORK = "the worker does what it was handed"
    WAIT = "nobody does anything yet"
    CRASH = "the worker dies with all it was handed"


WAYS = [
    (Channel.WECHAT, Scene.NATIVE), (Channel.WECHAT, Scene.H5),
    (Channel.ALIPAY, Scene.PRECREATE), (Channel.ALIPAY, Scene.WAP),
]  # fmt: skip
INSURER_FAULTS = [
    ("2206A", "business_error"), ("2207A", "business_error"), ("2207A", "http_502"),
    ("2207A", "http_502_after_commit"), ("2207A", "amounts_differ"), ("2208", "http_502"),
    ("2208", "http_502_after_commit"),
]  # fmt: skip
CHANNEL_FAULTS = [
    ("wechatpay", "server_error"), ("wechatpay", "wrong_signature"), ("wechatpay", "refund_processing"), ("wechatpay", "not_enough"), ("wechatpay", "duplicate_notification"),
    ("wechatpay", "forged_notification"), ("alipay", "http_error"), ("alipay", "system_error_after"),
    ("alipay", "refund_processing"), ("alipay", "not_enough"), ("alipay", "duplicate_notification"),
    ("alipay", "forged_notification"),
]  # fmt: skip
# Not "refund_abnormal": WeChat Pay gives it back by hand only, on pages of its own (payments/test_parts_and_hands.py).
BY_POLICY = [
    Situation.DOCTOR_REFUSES, Situation.DOCTOR_AWAY, Situation.CANCELLED_BEFORE, Situation.CANCELLED_AFTER,
]  # fmt: skip
UNITS = st.fixed_dictionaries({}, optional={1: st.just(1), 2: st.integers(1, 4)})

ENDS = (CheckoutState.REFUNDED, CheckoutState.CLOSED)
thens = st.sampled_from([Then.REST, Then.REST, Then.WORK, Then.WAIT, Then.CRASH])
picks = st.integers(0, 5)
"""One of those there are, whichever; the same again after as many."""

QUOTES: dict[str, Any] = {
    "purpose": st.sampled_from([BillPurpose.CONSULTATION, BillPurpose.DRUGS]),
    "uses_insurance": st.booleans(),
    "balance": st.sampled_from(["1.00", "0.00", "1.00", "50.00"]),
    "family": st.booleans(),
    "pays": st.sampled_from([True, True, False]),
    "way": st.sampled_from(WAYS),
    "then": thens,
}


class Money(RuleBasedStateMachine):
    """Each rule is tried whatever the state: what is not possible is refused, and a refusal changes nothing."""

    world: World
    """Set for the test: it outlives the bills."""
    course: Course

    @initialize(**QUOTES)
    def first_quote(self, **drawn: Any) -> None:
        """Her first bill."""
        self.since = len(self.world.notified.posts)
        self.courses: list[Course] = []
        self.open(**drawn)

    @precondition(lambda self: self.course.checkout.state in ENDS)
    @rule(**QUOTES)
    def quote(self, **drawn: Any) -> None:
        """That one has ended; she has another, and letters about the first may still come."""
        self.course.rest()
        self.open(**drawn)

    def open(
        self, purpose: BillPurpose, balance: str, way: tuple[Channel, Scene], then: Then, *,
        uses_insurance: bool, family: bool, pays: bool,
    ) -> None:  # fmt: skip
        """A bill is opened, and with insurance the insurer is asked what it would pay; mostly she pays soon."""
        self.world.behave(balance=balance, family=family)
        self.course = Course(self.world, purpose, uses_insurance=uses_insurance, since=self.since)
        self.courses.append(self.course)
        if pays:
            self.pay_at_once(way, then)
        else:
            self.go_on(then)

    # She

    @rule(with_insurance=st.booleans(), then=thens)
    def choose(self, with_insurance: bool, then: Then) -> None:
        """She chooses who is asked to pay."""
        asked = choose_insurance if with_insurance else choose_self_pay
        self.tried(lambda: asked(checkout_id=self.course.checkout.pk, by=self.world.user, at=clock.now()))
        self.go_on(then)

    @rule(way=st.sampled_from(WAYS), presses=st.integers(1, 2), then=thens)
    def start_payment(self, way: tuple[Channel, Scene], presses: int, then: Then) -> None:
        """She presses Pay, perhaps twice, perhaps another way than before."""
        (channel, scene), asked, by = way, self.course.checkout.pk, self.world.user
        now = clock.now()
        for _press in range(presses):
            self.tried(lambda: open_order(checkout_id=asked, scene=scene, channel=channel, by=by, at=now))
        self.go_on(then)

    @rule(way=st.sampled_from(WAYS), then=thens)
    def pay_at_once(self, way: tuple[Channel, Scene], then: Then) -> None:
        """As it mostly goes: the estimate is there, she presses Pay, pays, and the channel's letter arrives."""
        self.world.worker.do_all()
        self.start_payment(way, 1, Then.WORK)
        self.pay(0, Then.WAIT)
        self.deliver(-1, 1, altered=False, then=then)

    @precondition(lambda self: self.course.orders)
    @rule(which=picks, then=thens)
    def pay(self, which: int, then: Then) -> None:
        """She taps Pay at the cashier of any order she ever opened; the channel writes a letter about it."""
        if orders := self.course.orders:
            before = len(self.course.letters())
            if tap_pay(self.world.simulators, orders[-1 - which % len(orders)]):
                self.course.wait_for_letter(before)
            self.go_on(then)

    @precondition(lambda self: self.course.orders)
    @rule(which=picks, then=thens)
    def refuse(self, which: int, then: Then) -> None:
        """She taps Refuse there."""
        if orders := self.course.orders:
            tap_refuse(self.world.simulators, orders[-1 - which % len(orders)])
            self.go_on(then)

    # The post

    @precondition(lambda self: self.course.letters())
    @rule(which=picks, times=st.integers(1, 2), altered=st.booleans(), then=thens)
    def deliver(self, which: int, times: int, altered: bool, then: Then) -> None:
        """A letter arrives: any of them, so late, again, before an earlier one, or altered; most stay withheld."""
        if letters := self.course.letters():
            letter = letters[which % len(letters)]
            if altered:
                self.unchanged(lambda: self.course.deliver(letter, altered=True))
            for _time in range(times):
                assert self.course.deliver(letter, altered=False) in (200, 204, 401), (
                    "401: forged by the fault"
                )
            self.go_on(then)

    # The hospital

    @rule(situation=st.sampled_from(BY_POLICY), then=thens)
    def cancel(self, situation: Situation, then: Then) -> None:
        """She cancels, or the doctor stops the visit or never came."""
        bill = self.course.bill.pk
        self.tried(lambda: refund_by_policy(bill_id=bill, situation=situation, by=None, at=clock.now()))
        self.go_on(then)

    @rule(units=UNITS, with_key=st.booleans(), is_agreed=st.booleans(), then=thens)
    def refund(self, units: dict[int, int], with_key: bool, is_agreed: bool, then: Then) -> None:
        """A clerk asks for the whole bill, for lines or for units; above 9.99 somebody else must agree, soon or later."""
        quantities = {number: Decimal(some) for number, some in units.items()} or None
        situation = Situation.HOSPITAL_FAULT if quantities else Situation.SILENT_VISIT
        key = f"{self.course.bill.pk}:{sorted(units.items())}" if with_key else ""
        ask = partial(
            request_refund, situation=situation, quantities=quantities, reason="多收了费用", key=key
        )
        bill, by = self.course.bill.pk, self.world.clerk
        self.tried(lambda: ask(bill_id=bill, by=by, at=clock.now()))
        if is_agreed and self.course.requests:
            self.decide(0, agrees=True, by_herself=False, then=then)
        else:
            self.go_on(then)

    @precondition(lambda self: self.course.requests)
    @rule(which=picks, agrees=st.booleans(), by_herself=st.booleans(), then=thens)
    def decide(self, which: int, agrees: bool, by_herself: bool, then: Then) -> None:
        """A second person agrees or declines; who asked tries it, too."""
        if requests := self.course.requests:
            one, now = requests[-1 - which % len(requests)], clock.now()
            by = self.world.clerk if by_herself else self.world.colleague
            if agrees:
                self.tried(lambda: approve(request_id=one.pk, by=by, at=now))
            else:
                self.tried(lambda: decline(request_id=one.pk, reason="药品并无质量问题", by=by, at=now))
            self.go_on(then)

    @precondition(lambda self: self.course.waits_for_a_person)
    @rule(then=thens)
    def send_what_failed_again(self, then: Then) -> None:
        """A person asks the channel or the insurer anew for what it could not do."""
        self.retry()
        self.go_on(then)

    @rule(stops=st.booleans(), then=thens)
    def order(self, stops: bool, then: Then) -> None:
        """The money office pushes the checkout on, or stops it."""
        asked, who = self.course.checkout.pk, self.world.clerk
        if stops:
            self.tried(lambda: stop(checkout_id=asked, reason="患者来电要求取消", by=who, at=clock.now()))
        else:
            self.tried(lambda: push(checkout_id=asked, by=who, at=clock.now()))
        self.go_on(then)

    # Time, and what goes wrong

    @rule(at_channel_too=st.booleans(), place_goes=st.booleans(), then=thens)
    def time_passes(self, at_channel_too: bool, place_goes: bool, then: Then) -> None:
        """The time to pay is over; whoever keeps the place for her wants it back."""
        self.course.let_time_pass(at_channel_too=at_channel_too)
        if place_goes:
            self.close()
        self.go_on(then)

    @rule(fault=st.sampled_from(INSURER_FAULTS))
    def insurer_errs(self, fault: tuple[str, str]) -> None:
        """The insurer will refuse, be silent, or settle something else."""
        infno, kind = fault
        self.world.simulators.control("insurer", "faults", infno=infno, kind=kind, text="演示：不予办理")

    @rule(fault=st.sampled_from(CHANNEL_FAULTS))
    def channel_errs(self, fault: tuple[str, str]) -> None:
        """A channel will not answer, take its time, lack the money, repeat itself, or be imitated."""
        name, kind = fault
        self.world.simulators.control(name, "faults", kind=kind, queries=2)

    # What must hold

    @invariant()
    def nothing_is_lost_on_the_way(self) -> None:
        """The books agree with every row of ours after each step, also while answers are owed."""
        if hasattr(self, "course"):
            self.course.read_anew()
            assert list(faults_at_any_time(self.course.bill)) == []

    def go_on(self, then: Then) -> None:
        """What follows; when all is quiet, everything is equal, here and outside."""
        if then is Then.CRASH:
            self.world.worker.die()
        elif then is Then.WORK:
            self.world.worker.do_all()
        elif then is Then.REST:
            self.course.rest()
            assert list(faults_at_rest(self.course.bill, self.world.simulators)) == []

    def tried(self, act: Callable[[], object]) -> None:
        """What is refused changes nothing; anything but a refusal is a fault."""
        before = self.course.facts()
        try:
            act()
        except DomainError:
            assert self.course.facts() == before
        self.course.read_anew()

    def unchanged(self, act: Callable[[], int]) -> None:
        """Nobody believes it."""
        before = self.course.facts()
        assert act() == 401
        assert self.course.facts() == before

    def close(self) -> None:
        """The place is wanted back: end it, if it is not paid."""
        close_unpaid(bill_id=self.course.bill.pk, reason=TOO_LATE, by=None, at=clock.now())

    def retry(self) -> None:
        """As the pages do: the request that failed, or the refund that belongs to none."""
        by, now = self.world.colleague, clock.now()
        for one in self.course.requests:
            if one.state == "failed":
                self.tried(lambda one=one: send_again(request_id=one.pk, by=by, at=now))  # type: ignore[misc]
        for refund in failed_refunds(self.course.bill):
            self.tried(lambda refund=refund: ask_again(refund_id=refund.pk, by=by, at=now))  # type: ignore[misc]

    def teardown(self) -> None:
        """In the end nothing is open: time is over, faults are mended, letters delivered, and persons have done their part."""
        if not hasattr(self, "course"):
            return
        self.world.behave(balance="1.00", family=False)
        for course in self.courses:
            self.course = course
            self.course.rest()
            self.retry()
            self.course.let_time_pass(at_channel_too=False)
            self.close()
            self.course.rest()
        for letter in self.course.letters():
            self.course.deliver(letter, altered=False)
        for course in self.courses:
            self.course = course
            self.course.rest()
            found = faults_at_rest(self.course.bill, self.world.simulators, is_told_all=True)
            assert list(found) == []
            assert self.course.checkout.state in (*ENDS, CheckoutState.SETTLED)
            assert not self.course.waits_for_a_person


def test_ledger_bill_insurer_and_channel_are_equal_after_whatever_happens(
    patient: Patient,
    user: User,
    simulators: Simulators,
    notified: NotifyAddress,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.PUBLIC_BASE_URL = notified.url.removesuffix("/notify")
    settings.REFUND_SECOND_PERSON_ABOVE = Decimal("9.99")
    world = World(patient, user, simulators, notified, Worker(monkeypatch), client)
    monkeypatch.setattr(Money, "world", world, raising=False)
    for first in range(0, EXAMPLES, BATCH):
        bounded = settings_of(BOUNDED, max_examples=min(BATCH, EXAMPLES - first))
        run_state_machine_as_test(seed(first)(Money), settings=bounded)


BOUNDED = settings_of(
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
