"""Days are opened when they have ended, and each source is compared when it is due."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.models import OutboxJob
from reconciliation.errors import CommandRefused
from reconciliation.models import Comparison
from reconciliation.operations import opening
from reconciliation.rules.kinds import Source
from tests.factories import reconciliation as made

pytestmark = pytest.mark.django_db


def _jobs() -> list[int]:
    return [job.arguments["comparison_id"] for job in OutboxJob.objects.order_by("pk")]


def test_at_two_in_the_morning_yesterday_is_opened_and_the_insurers_day_is_due() -> None:
    claim = made.claim()

    assert opening.run_due(at=made.NEXT_NIGHT - timedelta(minutes=1)) >= 0
    before = set(Comparison.objects.values_list("day", flat=True))
    opening.run_due(at=made.NEXT_NIGHT)

    assert before == {date(2026, 11, 19)}
    of_yesterday = Comparison.objects.filter(day=made.DAY)
    assert {(each.source, each.institution) for each in of_yesterday} == {
        (Source.INSURER, claim.registration.encounter.institution),
        (Source.CHANNEL, None),
        (Source.ALIPAY, None),
        (Source.BOOKS, None),
    }
    assert of_yesterday.get(source=Source.INSURER).pk in _jobs()
    assert of_yesterday.get(source=Source.CHANNEL).pk not in _jobs()


def test_the_channels_bill_is_fetched_when_it_is_made() -> None:
    opening.run_due(at=made.NEXT_NIGHT)
    ten_past_ten = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
    OutboxJob.objects.all().delete()

    opening.run_due(at=ten_past_ten)

    assert Comparison.objects.get(source=Source.CHANNEL, day=made.DAY).pk in _jobs()


def test_what_is_handed_out_is_not_handed_out_again_until_it_counts_as_lost() -> None:
    made.claim()
    opening.run_due(at=made.NEXT_NIGHT)
    first = len(_jobs())
    opening.run_due(at=made.NEXT_NIGHT + timedelta(minutes=1))
    assert len(_jobs()) == first
    opening.run_due(at=made.NEXT_NIGHT + timedelta(minutes=31))
    assert len(_jobs()) > first


def test_after_an_outage_every_day_since_is_opened() -> None:
    opening.open_day(made.DAY - timedelta(days=4))

    opening.run_due(at=made.NEXT_NIGHT)

    days = Comparison.objects.order_by("day").values_list("day", flat=True).distinct()
    assert list(days) == [made.DAY - timedelta(days=back) for back in (4, 3, 2, 1, 0)]


def test_opening_a_day_twice_opens_it_once() -> None:
    opening.open_day(made.DAY)
    assert len(opening.open_day(made.DAY)) == 3


def test_a_day_to_come_cannot_be_ordered() -> None:
    tomorrow = opening.open_day(made.DAY + timedelta(days=1))[0]
    with pytest.raises(CommandRefused) as refusal:
        opening.order_run(comparison_id=tomorrow.pk, by=made.officer(), at=made.NOON)
    assert [each.rule for each in refusal.value.violations] == ["RC-01"]
