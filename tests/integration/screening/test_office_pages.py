"""The insurance office's pages of audit rules."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Role, User
from screening import operations
from screening.models import ScreeningRule
from screening.rules.kinds import Kind, Moment
from tests.factories import prescriptions as rx
from tests.factories import screening as factory
from tests.factories.accounts import StaffFactory
from tests.factories.screening import AT, workbook
from tests.integration.screening.conftest import Desk
from tests.unit.screening.test_knowledge_file import CODES, GOOD

pytestmark = pytest.mark.django_db
BASE = "/office/screening/"


def seen(count: int = 1, **fields) -> None:
    """So many orders with one finding each."""
    visit = rx.visit()
    rule = ScreeningRule.objects.filter(number="SR-91").first() or factory.rule(kind=Kind.SECOND_LINE)
    if not rule.points.exists():
        factory.knowledge(rule, "奥美拉唑肠溶胶囊", factory.line().national_code)
    for number in range(count):
        order = factory.order(encounter=visit.encounter.number, key=f"P{number + 1}/1", **fields)
        operations.screen(order, moment=Moment.BEFORE_SIGNING, by=None, at=AT + timedelta(minutes=number))


def test_a_rule_is_found_by_number_name_medicine_and_code(desk: Desk, officer: User) -> None:
    one, other = factory.rule("SR-91", name="药品限支付疗程"), factory.rule("SR-92")
    factory.knowledge(one, "注射用甲", "XA02BCA219A002010100001")
    browser = desk(officer)
    for words in ("SR-91", "支付疗程", "注射用甲", "xa02bca219"):
        text = browser.get(BASE, {"q": words}).content.decode()
        assert "/rules/SR-91/" in text, words
        assert "/rules/SR-92/" not in text, words
    assert other.number in browser.get(BASE, {"state": "on"}).content.decode()
    assert other.number not in browser.get(BASE, {"state": "off"}).content.decode()


def test_a_rule_that_is_general_knowledge_is_marked_as_not_checked(desk: Desk, officer: User) -> None:
    factory.rule("SR-91", grade="G")
    browser = desk(officer)
    browser.cookies["django_language"] = "en"
    assert "not yet checked" in browser.get(f"{BASE}rules/SR-91/").content.decode()


def test_lists_need_the_same_number_of_statements_for_one_and_for_many(desk: Desk, officer: User) -> None:
    browser = desk(officer)

    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return len(captured)

    seen()
    pages = (BASE, f"{BASE}findings/", f"{BASE}rules/SR-91/", f"{BASE}findings/export/csv/")
    for address in pages:
        browser.get(address)  # warm
    few = [statements(address) for address in pages]
    seen(12)
    for number in range(12):
        factory.knowledge(factory.rule(f"SR-{number + 30}"), f"药{number}", f"CODE0000{number}")
        factory.knowledge(ScreeningRule.objects.get(number="SR-91"), f"药{number}", f"MORE0000{number}")
    assert [statements(address) for address in pages] == few


def test_switching_off_a_denial_asks_a_second_person_on_the_page(desk: Desk, officer: User) -> None:
    rule = factory.rule("SR-91", Kind.VISIT_MODE, effect="deny")
    first, second = desk(officer), desk(factory.officer("医保办李"))
    address = f"{BASE}rules/SR-91/"
    refused = first.post(f"{address}switch/", {"reason": ""})
    assert refused.status_code == 409
    first.post(f"{address}switch/", {"reason": "目录已调整"})
    wish = rule.changes.get()
    assert 'value="approve"' not in first.get(address).content.decode()
    assert 'value="approve"' in second.get(address).content.decode()
    assert "目录已调整" in second.get(BASE).content.decode()
    first.post(f"{BASE}changes/{wish.pk}/", {"decision": "approve"})
    assert ScreeningRule.objects.get(pk=rule.pk).is_on
    second.post(f"{BASE}changes/{wish.pk}/", {"decision": "approve"})
    assert not ScreeningRule.objects.get(pk=rule.pk).is_on


def test_who_only_reads_finds_no_switch_and_may_not_use_it(desk: Desk) -> None:
    factory.rule("SR-91")
    reader = desk(StaffFactory(role=Role.FINANCE))
    assert "/switch/" not in reader.get(f"{BASE}rules/SR-91/").content.decode()
    assert reader.post(f"{BASE}rules/SR-91/switch/", {"reason": "x"}).status_code == 403
    assert reader.get(f"{BASE}rules/SR-91/import/").status_code == 403


def upload(browser, content: bytes):
    file = SimpleUploadedFile("第六批.xlsx", content)
    return browser.post(f"{BASE}rules/SR-91/import/", {"batch": "12", "grade": "S", "file": file})


def test_a_file_is_read_shown_with_its_faults_and_taken(desk: Desk, officer: User) -> None:
    rule = factory.rule("SR-91", Kind.COURSE)
    browser = desk(officer)
    faulty = upload(browser, workbook([(*GOOD[:3], "不限", 2)], CODES))
    text = browser.get(faulty.url).content.decode()
    assert "D5" in text
    assert "不限" in text
    assert "D5" in browser.get(f"{faulty.url}faults/").content.decode("utf-8-sig")
    assert "take/" not in text
    good = upload(browser, workbook([GOOD], CODES))
    assert "注射用甲" in browser.get(good.url).content.decode()
    assert browser.post(f"{faulty.url}take/")["Location"] == faulty.url
    assert rule.points.count() == 0
    browser.post(f"{good.url}take/")
    assert rule.points.get().name == "注射用甲"


def test_a_post_without_a_file_keeps_what_was_typed_and_says_what_is_missing(
    desk: Desk, officer: User
) -> None:
    factory.rule("SR-91", Kind.COURSE)
    answer = desk(officer).post(f"{BASE}rules/SR-91/import/", {"batch": "13", "grade": "S"})
    assert answer.status_code == 422
    assert '<option value="13" selected>' in answer.content.decode()


def test_findings_are_narrowed_and_exported_as_they_are_shown(desk: Desk, officer: User) -> None:
    seen(3)
    browser = desk(officer)
    text = browser.get(f"{BASE}findings/", {"q": "P2/1"}).content.decode()
    assert "P2/1" in text
    assert "P3/1" not in text
    assert "P3/1" not in browser.get(f"{BASE}findings/", {"since": "2026-11-21"}).content.decode()
    assert (
        "P3/1"
        in browser.get(f"{BASE}findings/", {"since": "2026-11-20", "until": "2026-11-20"}).content.decode()
    )
    exported = browser.get(f"{BASE}findings/export/xlsx/", {"q": "P2/1"})
    rows = list(load_workbook(io.BytesIO(exported.content)).active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["P2/1"]
    assert browser.get(f"{BASE}findings/export/pdf/").status_code == 404


def test_an_export_holds_no_formula(desk: Desk, officer: User) -> None:
    visit = rx.visit()
    factory.knowledge(
        factory.rule("SR-91", Kind.SECOND_LINE), "奥美拉唑肠溶胶囊", factory.line().national_code
    )
    order = factory.order(encounter=visit.encounter.number)
    key = "SR-91:1"
    operations.screen(order, moment=Moment.BEFORE_SIGNING, answers={key: "=1+1"}, by=None, at=AT)
    assert "'=1+1" in desk(officer).get(f"{BASE}findings/export/csv/").content.decode("utf-8-sig")


def test_one_look_shows_what_was_found_and_answered(desk: Desk, officer: User) -> None:
    seen()
    one = rx.Encounter.objects.get().screenings.get()
    text = desk(officer).get(f"{BASE}looks/{one.pk}/").content.decode()
    assert "P1/1" in text
    assert "SR-91" in text
    assert desk(officer).get(f"{BASE}looks/0/").status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "rule=%00", "since=soon", "effect=x", "page=x", "kind=nothing"])
def test_what_cannot_be_read_in_the_address_is_left_out(desk: Desk, officer: User, query: str) -> None:
    browser = desk(officer)
    assert browser.get(f"{BASE}findings/?{query}").status_code == 200
    assert browser.get(f"{BASE}?{query}").status_code == 200
