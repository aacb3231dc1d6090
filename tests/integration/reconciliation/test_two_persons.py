"""Above an amount nobody explains or corrects a difference and closes it, too."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from kernel import events
from kernel.money import ZERO
from reconciliation.errors import CommandRefused
from reconciliation.events import DifferenceBooked
from reconciliation.models import Difference
from reconciliation.operations import working
from reconciliation.queries.booked import booked_for
from reconciliation.queries.differences import Wanted, differences, second_person_count
from reconciliation.rules.parts import Parts
from reconciliation.rules.working import at_stake
from reconciliation.states import ComparisonState
from tests.factories import reconciliation as made
from tests.integration.reconciliation.conftest import Run

AT = made.NEXT_NIGHT
BOOKED: dict[str, Any] = {"way": "booked_here", "reason": "中心按新价结算", "reference": ""}


@pytest.fixture
def colleague(db: None) -> User:
    """The second person."""
    return made.officer("医保办李")


@pytest.fixture
def booked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Entries that the books were told of."""
    told: list[int] = []
    publish = events.publish

    def note(event: object) -> None:
        if isinstance(event, DifferenceBooked):
            told.append(event.entry_id)
        publish(event)

    monkeypatch.setattr(events, "publish", note)
    return told


@pytest.fixture
def dearer(run: Run, played: made.Insurer, settings: Any) -> Difference:
    """They hold 2.00 more, of the fund; one person answers for 1.99."""
    settings.RECONCILIATION_SECOND_PERSON_ABOVE = Decimal("1.99")
    row = made.settlement()
    played.rows = [made.stated(row, "3", medfee_sumamt="12.00", fund_pay_sumamt="9.00")]
    return run().differences.get()


@pytest.fixture
def corrected(dearer: Difference, officer: User) -> Difference:
    """The first person has corrected it."""
    working.take(difference_id=dearer.pk, by=officer, at=AT)
    return working.correct(difference_id=dearer.pk, by=officer, at=AT, **BOOKED)


def test_who_corrected_it_does_not_close_it_and_nothing_is_booked_before(
    corrected: Difference, officer: User, booked: list[int]
) -> None:
    with pytest.raises(CommandRefused) as refusal:
        working.close(difference_id=corrected.pk, by=officer, at=AT)

    assert [each.rule for each in refusal.value.violations] == ["RC-16"]
    assert booked_for(corrected).total == ZERO
    assert booked == []
    corrected.comparison.refresh_from_db()
    assert corrected.comparison.state == ComparisonState.DIFFERING


def test_the_second_person_agrees_and_only_then_it_is_booked(
    corrected: Difference, officer: User, colleague: User, booked: list[int]
) -> None:
    working.close(difference_id=corrected.pk, by=colleague, at=AT)

    assert booked_for(corrected) == Parts(Decimal("2.00"), Decimal("2.00"), ZERO, ZERO)
    acts = list(corrected.entries.values_list("act", "by", "fund_amount"))
    assert acts[-3:] == [
        ("corrected", officer.pk, ZERO), ("agreed", colleague.pk, Decimal("2.00")), ("closed", colleague.pk, ZERO),
    ]  # fmt: skip
    assert booked == [corrected.entries.get(act="agreed").pk]
    corrected.refresh_from_db()
    assert (corrected.state, corrected.answered_by, corrected.agreed_by) == ("closed", officer, colleague)


def test_what_she_does_not_agree_to_goes_back_and_books_nothing(
    corrected: Difference, officer: User, colleague: User
) -> None:
    working.reopen(difference_id=corrected.pk, reason="凭证号不符", by=colleague, at=AT)
    corrected.refresh_from_db()
    assert (corrected.state, corrected.taken_by, corrected.answered_by) == ("taken", officer, None)
    assert booked_for(corrected).total == ZERO


def test_an_explanation_of_what_only_we_hold_takes_two_whatever_the_gap_is_called(
    run: Run, played: made.Insurer, officer: User, colleague: User, settings: Any
) -> None:
    settings.RECONCILIATION_SECOND_PERSON_ABOVE = Decimal("9.99")
    played.rows = [made.stated(made.settlement(), "2")]
    missing = run().differences.get()
    working.take(difference_id=missing.pk, by=officer, at=AT)
    working.explain(difference_id=missing.pk, reason="次日对账单已列", by=officer, at=AT)
    with pytest.raises(CommandRefused):
        working.close(difference_id=missing.pk, by=officer, at=AT)
    working.close(difference_id=missing.pk, by=colleague, at=AT)
    assert booked_for(missing).total == ZERO
    missing.comparison.refresh_from_db()
    assert missing.comparison.state == ComparisonState.CLEARED


def test_zero_asks_a_second_person_about_every_amount(
    dearer: Difference, officer: User, settings: Any
) -> None:
    settings.RECONCILIATION_SECOND_PERSON_ABOVE = Decimal(0)
    working.take(difference_id=dearer.pk, by=officer, at=AT)
    assert working.correct(difference_id=dearer.pk, by=officer, at=AT, **BOOKED).needs_second_person


def test_what_changes_meanwhile_is_no_longer_answered(
    corrected: Difference, colleague: User, run: Run, played: made.Insurer
) -> None:
    played.rows = [made.stated(corrected.settlement, "3", medfee_sumamt="13.00", fund_pay_sumamt="10.00")]
    run()
    corrected.refresh_from_db()
    assert (corrected.state, corrected.answered_by, corrected.needs_second_person) == ("taken", None, False)
    assert second_person_count(colleague.pk) == 0


def test_the_database_closes_nothing_by_one_person(corrected: Difference, officer: User) -> None:
    rows = Difference.objects.filter(pk=corrected.pk)
    for agreed_by in (None, officer):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state="closed", closed_because="person", closed_at=AT, agreed_by=agreed_by)


def test_it_waits_in_the_colleagues_list_and_not_in_her_own(
    corrected: Difference, officer: User, colleague: User
) -> None:
    wanted = Wanted(owner="second")
    assert list(differences(wanted, user_id=colleague.pk)) == [corrected]
    assert list(differences(wanted, user_id=officer.pk)) == []


def test_the_pages_lead_the_second_person_there(
    corrected: Difference, officer: User, colleague: User, client: Client
) -> None:
    page, act = (reverse(f"reconciliation:{name}", args=[corrected.pk]) for name in ("difference", "act"))

    def seen(by: User, address: str) -> str:
        client.force_login(by)
        client.cookies["django_language"] = "en"
        return b"".join(client.get(address)).decode()

    assert "a second person of the insurance office closes it" in seen(officer, page)
    refused = client.post(act, {"act": "close"}, follow=True).content.decode()
    assert "With this amount a second person closes it." in refused
    assert "owner=second" in seen(colleague, reverse("reconciliation:days"))
    assert corrected.key in seen(colleague, f"{reverse('reconciliation:differences')}?owner=second")
    assert "Agree and close it" in seen(colleague, page)
    client.post(act, {"act": "close"})
    corrected.refresh_from_db()
    assert corrected.state == "closed"
    exported = seen(colleague, f"{reverse('reconciliation:export', args=['csv'])}?state=closed")
    assert f"{officer.display_name},{officer.display_name},{colleague.display_name}," in exported


@pytest.mark.parametrize(
    ("ours", "theirs", "stake"),
    [
        (("10", "7", "2", "1"), ("12", "9", "2", "1"), "2"),
        (("10", "7", "2", "1"), ("10", "9", "2", "-1"), "2"),  # the parts move, the total stays
        (("10", "7", "2", "1"), None, "10"),
        (None, ("10", "7", "2", "1"), "10"),
        (("10", "7", "2", "1"), ("10", "7", "2", "1"), "10"),  # only the status differs
        (("-10", "-7", "-2", "-1"), None, "10"),
        (None, None, "0"),
    ],
)
def test_what_is_at_stake(ours: Any, theirs: Any, stake: str) -> None:
    def parts(of: Any) -> Parts | None:
        return Parts(*(Decimal(text) for text in of)) if of else None

    assert at_stake(parts(ours), parts(theirs)) == Decimal(stake)
