"""What a proposed price may say, and who may decide about it: the rules PR-12 to PR-81."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from pricing.errors import RevisionRefused
from pricing.models import PriceRevision
from pricing.operations import revising
from pricing.queries.revisions import rows_of, seal_of
from pricing.states import RevisionState
from registry.models import Institution
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory, TariffDocumentFactory
from tests.factories.revisions import AT, NEW_YEAR, TODAY
from tests.integration.pricing.refusals import TOMORROW, known, rules_of

pytestmark = pytest.mark.django_db


def refused(revision: PriceRevision, by: Any) -> set[str]:
    with pytest.raises(RevisionRefused) as found:
        revising.submit(revision_id=revision.pk, by=by, at=AT)
    return rules_of(found.value)


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
