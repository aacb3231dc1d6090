"""The life of proposed prices: two people, one law, nothing lost."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from kernel import events
from kernel.errors import DomainError
from kernel.workflow import IllegalTransition
from pricing.errors import RevisionRefused, RowRefused
from pricing.events import PricesCorrected
from pricing.models import Price, PriceRevision, ProposedPrice
from pricing.operations import revising
from pricing.operations.revising.copying import Selection
from pricing.queries.revisions import rows_of, seal_of
from pricing.states import RevisionState
from registry.models import Institution
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory
from tests.factories.revisions import AT, KINDS, NEW_YEAR, TODAY

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


def rules_of(error: DomainError) -> set[str]:
    return {violation.rule for violation in error.violations}


def refused(revision: PriceRevision, by: Any) -> set[str]:
    with pytest.raises(RevisionRefused) as found:
        revising.submit(revision_id=revision.pk, by=by, at=AT)
    return rules_of(found.value)


def known(price: Price) -> list[tuple[Decimal | None, date, date | None]]:
    rows = Price.objects.known().filter(item=price.item_id).order_by("effective")
    return [(row.amount, row.effective.lower, row.effective.upper) for row in rows]


def test_a_price_goes_from_draft_to_law_through_two_people() -> None:
    old = PriceFactory()
    revision = made.published(made.row(old.item))
    assert revision.state == RevisionState.PUBLISHED
    assert revision.reviewed_by != revision.drafted_by
    assert known(old) == [
        (Decimal(10), date(2026, 1, 1), NEW_YEAR),
        (Decimal("12.5"), NEW_YEAR, None),
    ]
    old.refresh_from_db()
    assert (old.retracted_at, old.effective.upper) == (AT, None)
    new = revision.rows.get().became
    assert (new.document, new.recorded_at) == (revision.document, AT)


def test_what_was_known_before_can_still_be_asked() -> None:
    old = PriceFactory()
    made.published(made.row(old.item))
    before = Price.objects.known(AT - timedelta(seconds=1)).filter(effective__contains=NEW_YEAR)
    assert [price.pk for price in before] == [old.pk]


def test_numbers_of_a_day_follow_each_other() -> None:
    by = made.drafter()
    assert [made.draft(by=by).number for _each in range(2)] == ["TJ20261120-001", "TJ20261120-002"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_amount_can_be_drafted_and_published(kind: str) -> None:
    item, base = PriceItemFactory(), PriceItemFactory()
    base_item = base if kind == "percentage" else None
    columns = {"amount": None, **KINDS[kind], "base_item": base_item}
    revision = made.published(made.row(item, **columns))
    price = revision.rows.get().became
    assert {name: getattr(price, name) for name in columns} == columns


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        ({"amount": None}, "amount"),
        ({"amount": Decimal("-0.01")}, "amount"),
        ({"amount": Decimal("1.0000001")}, "amount"),
        ({"rate": Decimal("0.3")}, "rate"),
        ({**KINDS["range"], "amount": None, "maximum_amount": Decimal(99)}, "maximum_amount"),
        ({**KINDS["ceiling"], "amount": None, "maximum_amount": None}, "maximum_amount"),
        ({**KINDS["percentage"], "amount": None, "rate": None}, "rate"),
        ({**KINDS["tiered"], "amount": None, "bands": []}, "bands"),
        (
            {**KINDS["tiered"], "amount": None, "bands": [{"above": "3", "up_to": "3", "amount": "1"}]},
            "bands",
        ),
        ({**KINDS["base_and_further"], "further_amount": None}, "further_amount"),
        ({**KINDS["base_and_further"], "included_quantity": Decimal(0)}, "included_quantity"),
        ({**KINDS["hourly"], "amount": None}, "amount"),
        ({"period_cap_amount": Decimal(96)}, "period_cap_days"),
        ({"age_from": 7, "age_to": 6}, "age_to"),
        ({"institution_level": 4}, "institution_level"),
        ({"region_code": "33"}, "region_code"),
        ({"self_pay_rate": Decimal("1.1")}, "self_pay_rate"),
    ],
)
def test_a_row_that_does_not_say_what_its_kind_needs_is_refused_at_its_column(
    columns: dict[str, Any], column: str
) -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    with pytest.raises(RowRefused) as found:
        made.put(revision, made.row(**columns), by=by)
    assert [violation.field for violation in found.value.violations] == [column]
    assert rules_of(found.value) <= {"PR-78", "PR-79"}
    assert revision.rows.count() == 0


def test_pr_70_who_drafted_does_not_review() -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    made.put(revision, made.row(), by=by)
    revising.submit(revision_id=revision.pk, by=by, at=AT)
    with pytest.raises(RevisionRefused) as found:
        revising.approve(revision_id=revision.pk, by=by, at=AT)
    assert rules_of(found.value) == {"PR-70"}
    assert PriceRevision.objects.get().state == RevisionState.SUBMITTED


def test_pr_70_who_changed_a_row_does_not_review_either() -> None:
    by, other = made.drafter(), made.reviewer()
    revision = made.draft(by=by)
    made.put(revision, made.row(), by=other)
    revising.submit(revision_id=revision.pk, by=by, at=AT)
    with pytest.raises(RevisionRefused) as found:
        revising.approve(revision_id=revision.pk, by=other, at=AT)
    assert rules_of(found.value) == {"PR-70"}
    revising.approve(revision_id=revision.pk, by=made.reviewer(), at=AT)


def test_the_database_itself_refuses_one_person_for_both() -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    with pytest.raises(IntegrityError, match="price_revision_two_persons"), transaction.atomic():
        PriceRevision.objects.filter(pk=revision.pk).update(reviewed_by=by)


def test_pr_71_nothing_cannot_be_submitted() -> None:
    by = made.drafter()
    assert refused(made.draft(by=by), by) == {"PR-71"}


def test_pr_72_two_rows_for_one_scope_and_day_are_refused_at_the_second() -> None:
    by, item = made.drafter(), PriceItemFactory()
    revision = made.draft(by=by)
    made.put(revision, made.row(item), made.row(item, begin=date(2027, 6, 1)), by=by)
    with pytest.raises(RevisionRefused) as found:
        revising.submit(revision_id=revision.pk, by=by, at=AT)
    assert [(each.rule, each.field) for each in found.value.violations] == [("PR-72", "1.item")]


def test_rows_that_follow_each_other_may_stand_together() -> None:
    item = PriceItemFactory()
    first = made.row(item, until=date(2027, 6, 1))
    revision = made.published(first, made.row(item, begin=date(2027, 6, 1), amount=Decimal(13)))
    assert revision.rows.exclude(became=None).count() == 2


@pytest.mark.parametrize("begin", [TODAY, TODAY - timedelta(days=30)])
def test_pr_12_without_reaching_back_a_price_begins_tomorrow_at_the_earliest(begin: date) -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    made.put(revision, made.row(begin=begin), by=by)
    assert refused(revision, by) == {"PR-12"}


def test_a_price_may_begin_tomorrow() -> None:
    assert made.published(made.row(begin=TOMORROW)).state == RevisionState.PUBLISHED


def test_pr_13_the_document_must_be_in_force_on_the_days_of_a_row() -> None:
    by = made.drafter()
    document = TariffDocumentFactory(effective=DateRange(NEW_YEAR, date(2028, 1, 1)))
    revision = made.draft(by=by, document=document)
    made.put(revision, made.row(begin=TOMORROW, until=NEW_YEAR), made.row(), by=by)
    with pytest.raises(RevisionRefused) as found:
        revising.submit(revision_id=revision.pk, by=by, at=AT)
    assert {each.rule for each in found.value.violations} == {"PR-13"}
    assert {each.field for each in found.value.violations} == {"0.begins_on", "1.last_on"}


def test_pr_13_a_real_document_does_not_replace_an_invented_price() -> None:
    by, old = made.drafter(), PriceFactory()
    revision = made.draft(by=by, document=TariffDocumentFactory(evidence="A"))
    made.put(revision, made.row(old.item), by=by)
    assert refused(revision, by) == {"PR-13"}


def test_pr_15_an_item_charged_like_another_gets_no_price() -> None:
    by = made.drafter()
    revision = made.draft(by=by)
    made.put(revision, made.row(PriceItemFactory(priced_as=PriceItemFactory())), by=by)
    assert refused(revision, by) == {"PR-15"}


def test_pr_74_rows_are_of_the_institution_of_the_revision(hospital: Institution) -> None:
    by = made.drafter()
    revision = made.draft(by=by, institution_id=hospital.pk)
    made.put(revision, made.row(), made.row(institution=hospital, region_code="330100"), by=by)
    with pytest.raises(RevisionRefused) as found:
        revising.submit(revision_id=revision.pk, by=by, at=AT)
    assert [each.field for each in found.value.violations if each.rule == "PR-74"] == ["0.institution"]


def test_pr_76_overlapping_ages_are_refused_unless_they_are_the_same() -> None:
    old = PriceFactory(age_from=0, age_to=6)
    by = made.drafter()
    revision = made.draft(by=by)
    made.put(revision, made.row(old.item, age_from=6, age_to=14), by=by)
    assert refused(revision, by) == {"PR-76"}
    made.published(made.row(old.item, age_from=0, age_to=6), made.row(old.item, age_from=7, age_to=14))


def test_pr_75_a_price_published_meanwhile_is_looked_at_first() -> None:
    old, (first, second) = PriceFactory(), (made.drafter(), made.reviewer())
    revision = made.draft(by=first)
    made.put(revision, made.row(old.item), by=first)
    made.reviewed(revision, by=first, second=second)
    made.published(made.row(old.item, begin=TOMORROW, amount=Decimal(11)))
    with pytest.raises(RevisionRefused) as found:
        revising.publish(revision_id=revision.pk, by=second, at=AT)
    assert rules_of(found.value) == {"PR-75"}
    revising.return_to_draft(revision_id=revision.pk, note="", by=second, at=AT)
    made.reviewed(revision, by=first, second=second)
    assert revising.publish(revision_id=revision.pk, by=second, at=AT).state == RevisionState.PUBLISHED
    assert [row[0] for row in known(old)] == [Decimal(10), Decimal(11), Decimal("12.5")]


def test_pr_77_a_decision_is_about_the_rows_that_were_seen() -> None:
    by, second = made.drafter(), made.reviewer()
    revision = made.draft(by=by)
    (row,) = made.put(revision, made.row(), by=by)
    revising.submit(revision_id=revision.pk, by=by, at=AT)
    seen = seal_of(rows_of(revision))
    row.amount = Decimal(99)
    made.put(revision, row, by=by)
    revising.submit(revision_id=revision.pk, by=by, at=AT)
    with pytest.raises(RevisionRefused) as found:
        revising.approve(revision_id=revision.pk, seen=seen, by=second, at=AT)
    assert rules_of(found.value) == {"PR-77"}


def test_pr_80_a_re_diagnosis_that_would_differ_from_the_ordinary_visit_is_refused() -> None:
    by = made.drafter()
    ordinary = PriceFactory(item=PriceItemFactory(code="001102000010000"))
    online = PriceItemFactory(code="HLWFZ9", service="online_revisit")
    revision = made.draft(by=by)
    made.put(revision, made.row(online, amount=ordinary.amount + 1), by=by)
    assert refused(revision, by) == {"PR-80"}


def test_pr_81_an_own_price_above_the_ceiling_is_refused(hospital: Institution) -> None:
    by = made.drafter()
    common = PriceFactory(kind="ceiling", amount=None, maximum_amount=Decimal(30))
    revision = made.draft(by=by, institution_id=hospital.pk)
    own: dict[str, Any] = {"institution": hospital, "institution_level": None, "region_code": "330100"}
    made.put(revision, made.row(common.item, amount=Decimal("30.01"), **own), by=by)
    assert refused(revision, by) == {"PR-81"}


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
