"""What publishing does to the prices before, and what is told of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from kernel import events
from kernel.workflow import IllegalTransition
from pricing.errors import RevisionRefused
from pricing.events import PricesCorrected
from pricing.models import Price, ProposedPrice
from pricing.operations import revising
from pricing.operations.revising.copying import Selection
from pricing.states import RevisionState
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory
from tests.factories.revisions import AT, NEW_YEAR
from tests.integration.pricing.refusals import TOMORROW, known

pytestmark = pytest.mark.django_db


def test_a_change_of_a_row_after_the_review_leads_back_to_draft() -> None:
    by, second = made.drafter(), made.reviewer()
    revision = made.draft(by=by)
    (row,) = made.put(revision, made.row(), by=by)
    made.reviewed(revision, by=by, second=second)
    row.amount = Decimal(99)
    made.put(revision, row, by=by)
    revision.refresh_from_db()
    assert (revision.state, revision.reviewed_by, revision.submitted_at) == (RevisionState.DRAFT, None, None)
    with pytest.raises(IllegalTransition):
        revising.publish(revision_id=revision.pk, by=by, at=AT)


def test_a_published_revision_no_longer_changes() -> None:
    revision, by = made.published(made.row()), made.drafter()
    row_id = revision.rows.get().pk
    for act in (
        lambda: made.put(revision, made.row(), by=by),
        lambda: revising.drop_row(revision_id=revision.pk, row_id=row_id, by=by, at=AT),
        lambda: revising.publish(revision_id=revision.pk, by=by, at=AT),
        lambda: revising.abandon(revision_id=revision.pk, by=by, at=AT),
        lambda: revising.return_to_draft(revision_id=revision.pk, note="", by=by, at=AT),
    ):
        with pytest.raises(IllegalTransition):
            act()
    assert Price.objects.known().count() == 1


def test_a_row_that_ends_leaves_the_days_after_it_to_the_price_before() -> None:
    old = PriceFactory()
    made.published(made.row(old.item, until=date(2027, 4, 1)))
    assert known(old) == [
        (Decimal(10), date(2026, 1, 1), NEW_YEAR),
        (Decimal("12.5"), NEW_YEAR, date(2027, 4, 1)),
        (Decimal(10), date(2027, 4, 1), None),
    ]


def test_a_late_document_cuts_the_known_prices_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    old = PriceFactory(effective=DateRange(date(2026, 1, 1), NEW_YEAR))
    heard: list[object] = []
    monkeypatch.setattr(events, "publish", heard.append)
    revision = made.published(
        made.row(old.item, begin=date(2026, 3, 1), until=date(2026, 9, 1), amount=Decimal(9)),
        reaches_back=True,
        note="文件 9 月才收到",
    )
    assert known(old) == [
        (Decimal(10), date(2026, 1, 1), date(2026, 3, 1)),
        (Decimal(9), date(2026, 3, 1), date(2026, 9, 1)),
        (Decimal(10), date(2026, 9, 1), NEW_YEAR),
    ]
    assert heard == [PricesCorrected(revision.pk)]


def test_pr_73_reaching_back_needs_a_reason_and_a_text_that_was_seen() -> None:
    by = made.drafter()
    document = TariffDocumentFactory(evidence="C")
    revision = made.draft(by=by, document=document, reaches_back=True)
    made.put(revision, made.row(begin=date(2026, 3, 1)), by=by)
    with pytest.raises(RevisionRefused) as found:
        revising.submit(revision_id=revision.pk, by=by, at=AT)
    assert [each.rule for each in found.value.violations] == ["PR-73", "PR-73"]


def test_only_a_revision_that_touches_the_past_is_told_to_those_who_have_charged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(events, "publish", heard.append)
    made.published(made.row(), reaches_back=True, note="更正")
    made.published(made.row())
    assert heard == []


def test_a_revision_all_of_whose_prices_were_replaced_is_superseded() -> None:
    one, two = PriceItemFactory(), PriceItemFactory()
    first = made.published(made.row(one), made.row(two))
    made.published(made.row(one, begin=date(2027, 6, 1), amount=Decimal(13)))
    first.refresh_from_db()
    assert first.state == RevisionState.PUBLISHED
    made.published(made.row(two, begin=date(2027, 6, 1), amount=Decimal(13)))
    first.refresh_from_db()
    assert first.state == RevisionState.SUPERSEDED
    assert AuditEntry.objects.filter(action="pricing.revision.superseded").count() == 1


def test_a_later_revision_supersedes_an_earlier_one_of_the_same_document() -> None:
    item, document = PriceItemFactory(), TariffDocumentFactory()
    first = made.published(made.row(item), document=document)
    made.published(made.row(item, begin=date(2027, 6, 1), amount=Decimal(13)), document=document)
    first.refresh_from_db()
    assert first.state == RevisionState.SUPERSEDED


def test_a_revision_that_only_lost_days_in_between_still_speaks() -> None:
    item = PriceItemFactory()
    first = made.published(made.row(item))
    made.published(made.row(item, begin=date(2027, 6, 1), until=date(2027, 7, 1), amount=Decimal(13)))
    first.refresh_from_db()
    assert first.state == RevisionState.PUBLISHED


def test_prices_in_force_are_copied_by_search_and_scope() -> None:
    by = made.drafter()
    wanted = PriceFactory(item=PriceItemFactory(name="普通门诊诊查费"))
    PriceFactory(item=PriceItemFactory(name="换药"))
    PriceFactory(item=wanted.item, institution_level=2)
    revision = made.draft(by=by)
    selection = Selection(search="ptmz", institution_level=3)
    count = revising.copy_from_current(
        revision_id=revision.pk, selection=selection, begins_on=NEW_YEAR, by=by, at=AT
    )
    row = revision.rows.get()
    assert (count, row.item, row.amount, row.effective.lower) == (1, wanted.item, wanted.amount, NEW_YEAR)


def test_copying_twice_changes_nothing_more() -> None:
    by = made.drafter()
    PriceFactory()
    revision = made.draft(by=by)
    counts = [
        revising.copy_from_current(
            revision_id=revision.pk, selection=Selection(), begins_on=NEW_YEAR, by=by, at=AT
        )
        for _time in range(2)
    ]
    assert counts == [1, 0]


def test_an_earlier_version_is_copied_with_its_days_or_with_new_ones() -> None:
    by = made.drafter()
    earlier = made.published(made.row(until=date(2027, 7, 1)), made.row())
    same, later = made.draft(by=by), made.draft(by=by)
    revising.copy_version(revision_id=same.pk, earlier_id=earlier.pk, begins_on=None, by=by, at=AT)
    revising.copy_version(
        revision_id=later.pk, earlier_id=earlier.pk, begins_on=date(2027, 8, 1), by=by, at=AT
    )
    assert [row.effective.lower for row in same.rows.all()] == [NEW_YEAR, NEW_YEAR]
    # The row that has ended by then is left behind.
    assert [row.effective.lower for row in later.rows.all()] == [date(2027, 8, 1)]


def test_who_changed_what_is_told_with_before_and_after() -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    (row,) = made.put(revision, made.row(), by=by)
    row.amount = Decimal("13.00")
    made.put(revision, row, by=by)
    entry = AuditEntry.objects.filter(action="pricing.revision.row_put").last()
    (change,) = entry.facts["rows"]
    assert (entry.by, change["before"]["amount"], change["after"]["amount"]) == (by, "12.5", "13")


def test_publishing_tells_which_price_gave_way() -> None:
    old = PriceFactory()
    made.published(made.row(old.item))
    entry = AuditEntry.objects.get(action="pricing.revision.published")
    (change,) = entry.facts["rows"]
    assert [before["price"] for before in change["before"]] == [old.pk]
    assert (change["before"][0]["amount"], change["after"]["amount"]) == ("10", "12.5")


def test_what_is_refused_changes_nothing() -> None:
    old, (first, second) = PriceFactory(), (made.drafter(), made.reviewer())
    revision = made.draft(by=first)
    made.put(revision, made.row(old.item, begin=TOMORROW), made.row(begin=date(2027, 6, 1)), by=first)
    made.reviewed(revision, by=first, second=second)
    # Two days later the first row would begin on a day that has begun; the other is fine.
    with pytest.raises(RevisionRefused):
        revising.publish(revision_id=revision.pk, by=second, at=AT + timedelta(days=2))
    assert known(old) == [(Decimal(10), date(2026, 1, 1), None)]
    assert Price.objects.count() == 1
    revision.refresh_from_db()
    assert revision.state == RevisionState.REVIEWED


def test_publishing_asks_the_same_number_of_questions_for_few_rows_and_for_many() -> None:
    def statements(count: int) -> int:
        first, second = made.drafter(), made.reviewer()
        revision = made.draft(by=first)
        made.put(revision, *(made.row(PriceFactory().item) for _row in range(count)), by=first)
        made.reviewed(revision, by=first, second=second)
        with CaptureQueriesContext(connection) as seen:
            revising.publish(revision_id=revision.pk, by=second, at=AT)
        return len(seen)

    assert statements(2) == statements(12)


def test_an_abandoned_revision_stays_to_be_copied() -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    made.put(revision, made.row(), by=by)
    revising.abandon(revision_id=revision.pk, note="撤回", by=by, at=AT)
    other = made.draft(by=by)
    assert (
        revising.copy_version(revision_id=other.pk, earlier_id=revision.pk, begins_on=None, by=by, at=AT) == 1
    )
    assert ProposedPrice.objects.count() == 2
