"""A table of prices: read without changing anything, all or nothing, and back again unchanged."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import User
from audit.models import AuditEntry
from pricing.errors import ImportNotReady
from pricing.models import PriceImport, PriceItem, PriceRevision
from pricing.operations import revising
from pricing.queries.revisions import rows_of, seal_of
from pricing.queries.texts import texts_of
from pricing.rules.price_table import csv_of, xlsx_of
from pricing.states import ImportState, RevisionState
from registry.models import Institution
from tests.factories import revisions as made
from tests.factories.pricing import PriceFactory, PriceItemFactory
from tests.factories.revisions import AT, KINDS, NEW_YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return made.drafter()


@pytest.fixture
def one(clerk: User) -> PriceRevision:
    return made.draft(by=clerk)


def received(one: PriceRevision, content: bytes | str, name: str = "a.csv") -> PriceImport:
    raw = content.encode() if isinstance(content, str) else content
    return revising.receive_import(revision_id=one.pk, file_name=name, content=raw, by=one.drafted_by, at=AT)


def taken(found: PriceImport, **options: bool) -> PriceImport:
    return revising.take_import(import_id=found.pk, by=found.uploaded_by, at=AT, **options)


def told(found: PriceImport, language: str = "en") -> list[tuple[str, str]]:
    return [(fault["cell"], fault["said"]) for fault in found.faults[language]]


def table(*lines: str, heads: str = "项目代码,机构级别,金额,生效日期") -> str:
    return "\n".join((heads, *lines)) + "\n"


@pytest.mark.parametrize("write", [xlsx_of, csv_of])
def test_every_kind_of_row_is_exported_and_imported_unchanged(
    one: PriceRevision, clerk: User, hospital: Institution, write: Callable[..., bytes]
) -> None:
    base = PriceItemFactory()
    for kind, columns in KINDS.items():
        base_item = base if kind == "percentage" else None
        said = {"amount": None, **columns, "base_item": base_item}
        made.put(
            one,
            made.row(**said, condition="乳牙", age_from=0, age_to=6, institution_grade="甲", price_zone="A 档",
                     ownership="public", title="231", department="A03.04", insurance_class="02",
                     self_pay_rate=Decimal("0.1"), fund_amount=Decimal(4), is_trial=True, takes_surcharges=False,
                     cap_amount=Decimal(7280), period_cap_amount=Decimal(96), period_cap_days=1),
            made.row(**said, until=date(2028, 1, 1)),
            by=clerk,
        )  # fmt: skip
    content = write(texts_of(row) for row in rows_of(one))
    other = made.draft(by=clerk, document=one.document)
    found = received(other, content)
    assert found.faults["en"] == []
    taken(found)
    assert other.rows.count() == 2 * len(KINDS)
    assert seal_of(rows_of(other)) == seal_of(rows_of(one))


def test_the_same_file_into_the_same_draft_changes_nothing(one: PriceRevision, clerk: User) -> None:
    made.put(one, made.row(), made.row(), by=clerk)
    before = list(one.rows.values_list("pk", "amount"))
    taken(received(one, csv_of(texts_of(row) for row in rows_of(one))))
    assert list(one.rows.values_list("pk", "amount")) == before
    assert AuditEntry.objects.filter(action="pricing.revision.imported").count() == 0


def test_an_own_price_takes_the_institution_of_its_revision(clerk: User, hospital: Institution) -> None:
    one = made.draft(by=clerk, institution_id=hospital.pk)
    item = PriceItemFactory()
    found = received(one, table(f"{item.code},,12.5,2027-01-01"))
    taken(found)
    row = one.rows.get()
    assert (row.institution, row.region_code) == (hospital, hospital.region_code)


def test_nothing_is_taken_when_one_row_is_faulty(one: PriceRevision) -> None:
    item = PriceItemFactory()
    found = received(one, table(f"{item.code},三级,12.5,2027-01-01", f"{item.code},二级,x,2027-01-01"))
    assert (found.state, told(found)) == (ImportState.FAULTY, [("C3", "This is not a number.")])
    with pytest.raises(ImportNotReady):
        taken(found)
    assert one.rows.count() == 0


def test_faults_are_told_in_both_languages(one: PriceRevision) -> None:
    found = received(one, table("NOBODY,三级,12.5,2027-01-01"))
    assert {language: len(said) for language, said in found.faults.items()} == {"zh-hans": 1, "en": 1}
    assert told(found) == [("A2", "There is no price item with this code.")]


def test_two_rows_for_one_scope_and_days_are_refused_naming_the_first(one: PriceRevision) -> None:
    item = PriceItemFactory()
    line = f"{item.code},三级,12.5,2027-01-01"
    found = received(one, table(line, f"{item.code},二级,12.5,2027-01-01", line))
    assert told(found) == [("A4", "Row 2 already sets a price for the same item, scope and days.")]


def test_lost_zeros_are_told_with_the_code_that_was_meant(one: PriceRevision) -> None:
    PriceItemFactory(code="001102000010000")
    found = received(one, table("1102000010000,三级,12.5,2027-01-01"))
    (fault,) = found.faults["en"]
    assert (fault["cell"], "001102000010000" in fault["said"]) == ("A2", True)


def test_a_last_day_before_the_first_and_an_unknown_institution_are_told(one: PriceRevision) -> None:
    item = PriceItemFactory()
    heads = "项目代码,机构代码,金额,生效日期,最后一天"
    found = received(one, table(f"{item.code},H00000000000,1,2027-01-01,2026-12-31", heads=heads))
    assert {cell for cell, _said in told(found)} == {"B2", "E2"}


def test_the_rules_of_a_revision_are_told_at_the_cell(one: PriceRevision) -> None:
    item, alike = PriceItemFactory(), PriceItemFactory(priced_as=PriceItemFactory())
    found = received(
        one,
        table(
            f"{item.code},三级,12.5,2026-11-20",
            f"{alike.code},三级,12.5,2027-01-01",
            f"{PriceItemFactory().code},三级,,2027-01-01",
        ),
    )
    # Today; an item charged like another; a fixed amount without an amount.
    assert [cell for cell, _said in told(found)] == ["D2", "A3", "C4"]


def test_what_needs_more_than_one_row_is_told_too(one: PriceRevision) -> None:
    ordinary = PriceFactory(item=PriceItemFactory(code="001102000010000"))
    online = PriceItemFactory(service="online_revisit")
    found = received(one, table(f"{online.code},三级,{ordinary.amount + 1},2027-01-01"))
    (fault,) = found.faults["en"]
    assert f"{ordinary.amount:.2f}" in fault["said"]
    assert f"{ordinary.amount + 1:.2f}" in fault["said"]


def test_a_row_takes_the_place_of_the_present_one_and_others_stay_unless_they_are_to_go(
    one: PriceRevision, clerk: User
) -> None:
    first, other = made.put(one, made.row(), made.row(), by=clerk)
    content = table(f"{first.item.code},三级,99,2027-01-01")
    taken(received(one, content))
    assert {row.pk: row.amount for row in one.rows.all()} == {
        first.pk: Decimal(99),
        other.pk: Decimal("12.5"),
    }
    taken(received(one, content), replace_all=True)
    assert [row.pk for row in one.rows.all()] == [first.pk]


def test_taking_twice_takes_once(one: PriceRevision) -> None:
    found = received(one, table(f"{PriceItemFactory().code},三级,12.5,2027-01-01"))
    assert [taken(found).state for _time in range(2)] == [ImportState.TAKEN, ImportState.TAKEN]
    assert one.rows.count() == 1


def test_taking_a_file_leads_a_submitted_revision_back_to_draft(one: PriceRevision, clerk: User) -> None:
    made.put(one, made.row(), by=clerk)
    found = received(one, table(f"{PriceItemFactory().code},三级,12.5,2027-01-01"))
    revising.submit(revision_id=one.pk, by=clerk, at=AT)
    taken(found)
    one.refresh_from_db()
    assert one.state == RevisionState.DRAFT


def test_a_file_for_a_revision_that_was_published_meanwhile_is_not_put(
    one: PriceRevision, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pricing.operations.revising import importing

    monkeypatch.setattr(importing, "AT_ONCE_ROWS", 0)
    found = received(one, table(f"{PriceItemFactory().code},三级,12.5,2027-01-01"))
    assert taken(found).state == ImportState.TAKING
    PriceRevision.objects.filter(pk=one.pk).update(state=RevisionState.PUBLISHED)
    again = importing.put_import(import_id=found.pk, replace_all=False, by=clerk, at=AT)
    assert (again.state, one.rows.count()) == (ImportState.READ, 0)


def test_the_audit_tells_the_file_and_every_row(one: PriceRevision) -> None:
    item = PriceItemFactory()
    found = received(one, table(f"{item.code},三级,12.5,2027-01-01"))
    taken(found)
    entry = AuditEntry.objects.get(action="pricing.revision.imported")
    (change,) = entry.facts["rows"]
    assert (entry.facts["sha256"], change["after"]["amount"]) == (found.sha256, "12.5")


def test_a_file_that_is_read_is_not_read_again(one: PriceRevision) -> None:
    found = received(one, table(f"{PriceItemFactory().code},三级,12.5,2027-01-01"))
    assert revising.read_import(import_id=found.pk, at=AT).rows == found.rows
    assert AuditEntry.objects.filter(action="pricing.import.read").count() == 1


def test_reading_asks_the_same_number_of_questions_for_few_rows_and_for_many(
    one: PriceRevision, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(count: int) -> int:
        items = [PriceItemFactory() for _each in range(count)]
        lines = [f"{item.code},三级,12.5,{NEW_YEAR.isoformat()}" for item in items]
        with CaptureQueriesContext(connection) as seen:
            assert received(one, table(*lines)).state == ImportState.READ
        return len(seen)

    assert statements(2) == statements(20)


def test_an_item_of_the_file_is_never_made(one: PriceRevision) -> None:
    received(one, table("NEW-ITEM,三级,12.5,2027-01-01"))
    assert PriceItem.objects.count() == 0
