"""Remote services: priced once at the invited institution, shared by an agreement in force."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import AuditEntry
from pricing.models import Category, PriceItem, ServiceChoice, SharingAgreement
from pricing.operations import AgreementRefused, end_agreement, record_agreement
from pricing.queries import remote_quote
from pricing.rules import ServiceLine
from pricing.rules.errors import ItemUnknown
from pricing.rules.sharing import AgreementMissing, NotShared, Shares
from registry.models import Institution
from tests.factories.pricing import PriceFactory, PriceItemFactory

pytestmark = pytest.mark.django_db
AT = datetime(2025, 12, 10, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 16)


@pytest.fixture
def invited(hospital: Institution) -> Institution:
    other = Institution.objects.get(pk=hospital.pk)
    other.pk, other.code, other.name, other.level = None, "H33020000001", "演示省医院", 2
    other.save()
    return other


@pytest.fixture
def consultation() -> PriceItem:
    item: PriceItem = PriceItemFactory(category=Category.REMOTE, service=ServiceChoice.REMOTE_CONSULTATION)
    PriceFactory(item=item, institution_level=3, amount=Decimal(300))
    PriceFactory(item=item, institution_level=2, amount=Decimal("199.99"))
    return item


def agreement(inviting: Institution, invited: Institution, **said: Any) -> SharingAgreement:
    facts: dict[str, Any] = {
        "number": "演协〔2026〕1号",
        "service": ServiceChoice.REMOTE_CONSULTATION,
        "platform_name": "演示平台",
        "inviting_rate": Decimal("0.3"),
        "invited_rate": Decimal("0.6"),
        "platform_rate": Decimal("0.1"),
        "signed_on": date(2025, 12, 1),
        "effective": DateRange(date(2026, 1, 1), None),
    }
    return SharingAgreement(inviting=inviting, invited=invited, **{**facts, **said})


def recorded(inviting: Institution, invited: Institution, **said: Any) -> SharingAgreement:
    return record_agreement(agreement=agreement(inviting, invited, **said), by=None, at=AT)


def asked(item: PriceItem) -> list[ServiceLine]:
    return [ServiceLine("1", item.code, Decimal(1))]


def test_the_invited_institutions_price_is_charged_once_and_shared(
    hospital: Institution, invited: Institution, consultation: PriceItem
) -> None:
    recorded(hospital, invited)
    remote = remote_quote(inviting=hospital, invited=invited, lines=asked(consultation), on=DAY)
    assert [line.amount for line in remote.quote.lines] == [Decimal("199.99")]
    # 59.997, 119.994, 19.999: cut to 59.99, 119.99, 19.99; two fen left for the largest remainders
    assert remote.shares == Shares(Decimal("60.00"), Decimal("119.99"), Decimal("20.00"))
    assert remote.agreement.number == "演协〔2026〕1号"


def test_without_an_agreement_there_is_no_price(
    hospital: Institution, invited: Institution, consultation: PriceItem
) -> None:
    with pytest.raises(AgreementMissing) as refused:
        remote_quote(inviting=hospital, invited=invited, lines=asked(consultation), on=DAY)
    (violation,) = refused.value.violations
    assert (violation.rule, violation.field) == ("PR-60", "invited")
    assert violation.way_on


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 1)])
def test_an_agreement_holds_on_its_days_only(
    hospital: Institution, invited: Institution, consultation: PriceItem, day: date
) -> None:
    recorded(hospital, invited, effective=DateRange(date(2026, 1, 1), date(2026, 7, 1)))
    with pytest.raises(AgreementMissing):
        remote_quote(inviting=hospital, invited=invited, lines=asked(consultation), on=day)


def test_an_agreement_holds_in_its_direction_only(
    hospital: Institution, invited: Institution, consultation: PriceItem
) -> None:
    recorded(hospital, invited)
    with pytest.raises(AgreementMissing):
        remote_quote(inviting=invited, invited=hospital, lines=asked(consultation), on=DAY)


def test_only_items_of_the_remote_service_are_shared(hospital: Institution, invited: Institution) -> None:
    recorded(hospital, invited)
    ordinary = PriceFactory(institution_level=2).item
    with pytest.raises(NotShared) as refused:
        remote_quote(inviting=hospital, invited=invited, lines=asked(ordinary), on=DAY)
    assert [(one.rule, one.field) for one in refused.value.violations] == [("PR-66", "1")]


def test_an_unknown_item_is_refused_as_everywhere(hospital: Institution, invited: Institution) -> None:
    recorded(hospital, invited)
    with pytest.raises(ItemUnknown):
        remote_quote(
            inviting=hospital, invited=invited, lines=[ServiceLine("1", "NOBODY", Decimal(1))], on=DAY
        )


def test_an_agreement_is_told_in_the_audit(hospital: Institution, invited: Institution) -> None:
    row = recorded(hospital, invited)
    entry = AuditEntry.objects.get(subject_type="pricing.sharingagreement", subject_id=str(row.pk))
    assert entry.action == "pricing.agreement.recorded"
    assert entry.facts["invited"] == "0.6"


@pytest.mark.parametrize(
    ("said", "rule", "field"),
    [
        ({"invited_rate": Decimal("0.5")}, "PR-61", "invited_rate"),
        ({"platform_name": ""}, "PR-61", "platform_name"),
        ({"number": "another"}, "PR-65", "begins_on"),
    ],
)
def test_what_an_agreement_gets_wrong_stands_beside_its_field(
    hospital: Institution, invited: Institution, said: dict[str, Any], rule: str, field: str
) -> None:
    if rule == "PR-65":
        recorded(hospital, invited)
    with pytest.raises(AgreementRefused) as refused:
        recorded(hospital, invited, **said)
    assert [(one.rule, one.field) for one in refused.value.violations] == [(rule, field)]


def test_an_agreement_that_ended_makes_room_for_the_next(hospital: Institution, invited: Institution) -> None:
    first = recorded(hospital, invited)
    end_agreement(agreement_id=first.pk, from_on=date(2026, 4, 1), by=None, at=AT)
    second = recorded(hospital, invited, number="2", effective=DateRange(date(2026, 4, 1), None))
    first.refresh_from_db()
    assert (first.effective.upper, second.effective.lower) == (date(2026, 4, 1), date(2026, 4, 1))


def test_an_agreement_is_not_ended_in_the_past(hospital: Institution, invited: Institution) -> None:
    first = recorded(hospital, invited)
    with pytest.raises(AgreementRefused) as refused:
        end_agreement(agreement_id=first.pk, from_on=DAY, by=None, at=datetime(2026, 3, 16, 2, tzinfo=UTC))
    assert [one.rule for one in refused.value.violations] == ["PR-67"]


@pytest.mark.django_db(transaction=True)
def test_of_two_agreements_recorded_at_once_one_is_refused(
    hospital: Institution, invited: Institution
) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def record(number: str) -> None:
        start.wait()
        try:
            recorded(hospital, invited, number=number)
            outcomes.append("recorded")
        except AgreementRefused as refused:
            outcomes.append(refused.violations[0].rule)
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=(number,)) for number in ("1", "2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["PR-65", "recorded"]
