"""The finance office's pages about channels: offers, incidents, refunds that failed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Role, User
from audit.models import AuditEntry
from billing.models import Bill
from kernel import clock
from payments.errors import OrderNotPossible
from payments.models import (
    Channel,
    ChannelOffer,
    IncidentKind,
    PaymentIncident,
    PaymentOrder,
    Refund,
    Scene,
)
from payments.operations.incidents import note_incident
from payments.operations.offering import set_offer
from payments.operations.orders import create_order
from payments.queries import Way, ways_to_pay
from payments.states import OrderState, RefundState
from registry.models import Institution
from tests.factories import billing as charged
from tests.factories.accounts import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bill(transactional_db: None) -> Bill:
    """10.00 yuan; its orders are written straight into the table, so no books are looked at."""
    return charged.bill()


@pytest.fixture
def user(transactional_db: None) -> User:
    """Who acts."""
    return UserFactory()


@pytest.fixture
def institution(bill: Bill) -> Institution:
    """The bill's."""
    return bill.encounter.institution


def signed_in(role: Role, **fields: object) -> Client:
    """A person of a role, in English."""
    client = Client()
    client.force_login(StaffFactory(role=role, **fields))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def office() -> Client:
    """A person of the finance office."""
    return signed_in(Role.FINANCE)


def refund_that_failed(bill: Bill, number: str = "1") -> Refund:
    now = clock.now()
    order = PaymentOrder.objects.create(
        bill=bill, number=f"P{number}", channel=Channel.ALIPAY, scene=Scene.WAP, amount=Decimal("10.00"),
        description="诊费", expires_at=now + timedelta(minutes=15), created_at=now, state=OrderState.LATE,
        transaction_id=f"T{number}", paid_at=now,
    )  # fmt: skip
    return Refund.objects.create(
        order=order, number=f"R{number}", amount=Decimal("10.00"), reason="x", requested_at=now,
        state=RefundState.FAILED, failure="NOT_ENOUGH: the merchant has no balance",
    )  # fmt: skip


def test_what_is_not_said_is_offered_where_the_platform_has_a_contract(
    institution: Institution, settings: Settings
) -> None:
    def ways(device: str) -> list[Scene]:
        return [way.scene for way in ways_to_pay(institution.pk, device=device)]  # type: ignore[arg-type]

    settings.WECHATPAY_APP_SECRET = "known"
    assert ways("phone") == [Scene.H5, Scene.WAP]
    assert ways("desktop") == [Scene.NATIVE, Scene.PRECREATE]
    assert ways("wechat") == [Scene.JSAPI]
    assert ways("alipay") == [Scene.WAP]
    settings.WECHATPAY_APP_SECRET = ""
    assert ways("wechat") == [], "WeChat would not tell who pays"
    settings.PAYMENT_CHANNELS = ("wechat",)
    assert ways("phone") == [Scene.H5]
    assert ways("alipay") == []


def test_an_institution_switches_a_channel_off_and_chooses_its_way_on_a_computer(
    office: Client, institution: Institution
) -> None:
    address = reverse("payments:offer", args=[institution.pk, "alipay"])
    office.post(address, {"offered": "1", "desktop_scene": "page"})
    assert ways_to_pay(institution.pk, device="desktop")[1] == Way(Channel.ALIPAY, Scene.PAGE, "Alipay")
    office.post(address, {"offered": "0", "desktop_scene": "page"})
    assert [way.channel for way in ways_to_pay(institution.pk, device="phone")] == [Channel.WECHAT]
    facts = [
        entry.facts["offered"]
        for entry in AuditEntry.objects.filter(action="payments.offer.set").order_by("pk")
    ]
    assert facts == [True, False]


def test_the_last_channel_stays_and_a_way_leads_to_its_own_channel(
    office: Client, institution: Institution
) -> None:
    set_offer(
        institution_id=institution.pk, channel=Channel.WECHAT, is_offered=False, desktop_scene="", by=None,
        at=clock.now(),
    )  # fmt: skip
    address = reverse("payments:offer", args=[institution.pk, "alipay"])
    last = office.post(address, {"offered": "0"}, follow=True).content.decode()
    astray = office.post(address, {"offered": "1", "desktop_scene": "native"}, follow=True).content.decode()
    assert "PY-20" in last
    assert "PY-21" in astray
    assert not ChannelOffer.objects.filter(channel=Channel.ALIPAY).exists()


@pytest.mark.parametrize(
    ("channel", "scene", "rule"),
    [
        (Channel.ALIPAY, Scene.WAP, "PY-02"),
        (Channel.WECHAT, Scene.WAP, "PY-03"),
        (Channel.WECHAT, Scene.JSAPI, "PY-03"),
    ],
)
def test_nobody_pays_through_what_is_not_offered_or_leads_elsewhere(
    bill: Bill, user: User, institution: Institution, channel: Channel, scene: Scene, rule: str
) -> None:
    now = clock.now()
    set_offer(
        institution_id=institution.pk,
        channel=Channel.ALIPAY,
        is_offered=False,
        desktop_scene="",
        by=None,
        at=now,
    )
    with pytest.raises(OrderNotPossible) as refused:
        create_order(
            bill_id=bill.pk, amount=Decimal("10.00"), scene=scene, channel=channel, description="诊费",
            expires_at=now + timedelta(minutes=15), by=user, at=now,
        )  # fmt: skip
    assert [broken.rule for broken in refused.value.violations] == [rule]


def test_another_way_closes_the_open_order_first_so_that_two_are_never_payable(
    bill: Bill, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, sent = clock.now(), []
    monkeypatch.setattr("kernel.jobs.enqueue", lambda name, **how: sent.append((name, how)))

    def order(channel: Channel, scene: Scene) -> PaymentOrder:
        return create_order(
            bill_id=bill.pk, amount=Decimal("10.00"), scene=scene, channel=channel, description="诊费",
            expires_at=now + timedelta(minutes=15), by=user, at=now,
        )  # fmt: skip

    first = order(Channel.WECHAT, Scene.H5)
    assert order(Channel.ALIPAY, Scene.WAP) == first
    assert sent[1:] == [("payments.close_order", {"order_id": first.pk})]
    assert PaymentOrder.objects.count() == 1


def test_an_incident_is_settled_with_words_and_once(office: Client) -> None:
    row = note_incident(
        IncidentKind.UNKNOWN_ORDER, channel=Channel.ALIPAY, subject="P9", facts={"fen": 1000}, at=clock.now()
    )
    listed = office.get(reverse("payments:incidents")).content.decode()
    address = reverse("payments:settle_incident", args=[row.pk])
    without = office.post(address, {"note": " x "})
    assert "P9" in listed
    assert without.status_code == 422
    assert "What was done is needed" in without.content.decode()
    office.post(address, {"note": "银行流水已退回"})
    row.refresh_from_db()
    assert row.note == "银行流水已退回"
    assert "P9" not in office.get(reverse("payments:incidents")).content.decode()
    assert "P9" in office.get(reverse("payments:incidents"), {"show": "all"}).content.decode()


def test_a_failed_refund_is_noted_by_one_and_confirmed_by_another(
    office: Client, bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.operations.by_hand.events.publish", lambda event: None)
    refund = refund_that_failed(bill)
    address = reverse("payments:act_on_refund", args=[refund.number])
    empty = office.post(address, {"do": "note", "reference": ""})
    assert (empty.status_code, "PY-13" in empty.content.decode()) == (422, False)
    assert "Under which number" in empty.content.decode()
    office.post(address, {"do": "note", "reference": "W-77"})
    mine = office.get(reverse("payments:failed_refunds")).content.decode()
    assert 'value="confirm"' not in mine
    assert "PY-14" in office.post(address, {"do": "confirm"}, follow=True).content.decode()

    colleague = signed_in(Role.FINANCE, username="finance77", mobile="13811110077")
    assert 'value="confirm"' in colleague.get(reverse("payments:failed_refunds")).content.decode()
    colleague.post(address, {"do": "confirm"})
    refund.refresh_from_db()
    assert (refund.state, refund.hand_reference) == (RefundState.DONE, "W-77")


def test_a_failed_refund_is_asked_for_anew_once(office: Client, bill: Bill) -> None:
    refund = refund_that_failed(bill)
    address = reverse("payments:act_on_refund", args=[refund.number])
    for _time in range(2):
        office.post(address, {"do": "ask_again"})
    assert Refund.objects.get(replaces=refund).state == RefundState.REQUESTED
    assert refund.number not in office.get(reverse("payments:failed_refunds")).content.decode()


def test_what_lies_at_the_channel_is_offered_what_helps_and_never_to_be_asked_for_anew(
    office: Client, bill: Bill
) -> None:
    refund = refund_that_failed(bill)
    for where, offered in (
        ("ABNORMAL", ["look", "to_hospital", "note"]),
        ("TO_HOSPITAL", ["look", "note"]),
        ("AT_HOSPITAL", ["note"]),
        ("NOT_ENOUGH", ["ask_again", "note"]),
    ):
        Refund.objects.filter(pk=refund.pk).update(failure=f"{where}: 退款失败")
        shown = office.get(reverse("payments:failed_refunds")).content.decode()
        acts = ("ask_again", "look", "to_hospital", "note")
        assert [act for act in acts if f'name="do" value="{act}"' in shown] == offered

    Refund.objects.filter(pk=refund.pk).update(failure="ABNORMAL: 退款失败")
    address = reverse("payments:act_on_refund", args=[refund.number])
    told = office.post(address, {"do": "ask_again"}, follow=True).content.decode()
    assert "PY-16" in told
    assert "would refuse another one" in told
    assert "PY-17" in office.post(address, {"do": "to_hospital"}, follow=True).content.decode(), "Alipay's"


@pytest.mark.parametrize(
    ("role", "reads", "acts", "sets"),
    [
        (Role.FINANCE, True, True, True),
        (Role.ADMINISTRATOR, True, False, True),
        (Role.INSURANCE_OFFICE, True, False, False),
        (Role.REGULATOR, True, False, False),
        (Role.DOCTOR, False, False, False),
    ],
)
def test_who_reads_and_who_acts(role: Role, reads: bool, acts: bool, sets: bool) -> None:
    client = signed_in(role)
    pages = [reverse(f"payments:{name}") for name in ("channels", "incidents", "failed_refunds")]
    deeds = [reverse("payments:settle_incident", args=[0]), reverse("payments:act_on_refund", args=["R0"])]
    assert [client.get(page).status_code == 200 for page in pages] == [reads] * 3
    assert [client.post(deed).status_code == 404 for deed in deeds] == [acts] * 2
    assert (client.post(reverse("payments:offer", args=[0, "alipay"])).status_code == 404) == sets


@pytest.mark.parametrize("name", ["channels", "incidents", "failed_refunds"])
def test_the_statements_of_a_list_do_not_grow_with_its_rows(office: Client, bill: Bill, name: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert office.get(reverse(f"payments:{name}")).status_code == 200
        return len(seen)

    def more(start: int) -> None:
        for each in range(start, start + 3):
            refund = refund_that_failed(bill, str(each))
            note_incident(
                IncidentKind.LATE, channel=Channel.ALIPAY, subject=refund.order.number, order=refund.order,
                facts={}, at=clock.now(),
            )  # fmt: skip

    more(1)
    asked()  # the first page of a session reads more
    first = asked()
    more(4)
    assert asked() == first
    assert PaymentIncident.objects.count() == 6
