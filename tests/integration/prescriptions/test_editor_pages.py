"""The doctor's editor, act by act."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prescriptions.models import Drug, Prescription
from prescriptions.operations import DraftLine
from prescriptions.states import PrescriptionState
from tests.factories import prescriptions as rx
from tests.factories.prescriptions import AT
from tests.factories.registry import PractitionerFactory
from tests.integration.prescriptions.conftest import SignIn

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


class Desk:
    """The doctor in front of the editor."""

    def __init__(self, visit: rx.Visit, browser: Client) -> None:
        self.visit, self.browser = visit, browser
        self.base = f"/clinic/{visit.encounter.number}/prescription/"

    def look(self, path: str = "", **query: str) -> str:
        return self.browser.get(self.base + path, query, headers=HTMX).content.decode()

    def act(self, path: str, **typed: object) -> str:
        reply = self.browser.post(self.base + path, typed, headers=HTMX)
        assert reply.status_code == 200, reply.content.decode()[:500]
        return reply.content.decode()

    @property
    def draft(self) -> Prescription:
        return Prescription.objects.get(encounter=self.visit.encounter, state=PrescriptionState.DRAFT)


@pytest.fixture
def desk(signed_in: SignIn) -> Desk:
    """A cleared visit, nothing written yet."""
    visit = rx.visit()
    return Desk(visit, signed_in(visit.doctor_user))


@pytest.fixture
def amlodipine() -> Drug:
    """In stock, 8.40 a box."""
    made: Drug = rx.DrugFactory()
    return made


def line(**typed: object) -> dict[str, object]:
    """What the form of a line sends."""
    return {"dose": "5", "frequency": "qd", "timing": "morning", "days": "7", "note": ""} | typed


def test_before_the_decision_nothing_can_be_written(signed_in: SignIn) -> None:
    visit = rx.visit(cleared_at=None)
    text = Desk(visit, signed_in(visit.doctor_user)).look()
    assert "复诊" in text
    assert 'id="rx-search"' not in text


def test_the_search_shows_class_stock_and_price_of_today(desk: Desk, amlodipine: Drug) -> None:
    text = desk.look("drugs/", q="anlv")
    for words in ("苯磺酸氨氯地平片", "甲类", "¥8.40", "50"):
        assert words in text


def test_a_drug_without_price_or_stock_cannot_be_added_from_the_search(desk: Desk) -> None:
    rx.DrugFactory(price="none")
    rx.DrugFactory(stock=0)
    assert desk.look("drugs/", q="氨氯").count("disabled") == 2


def test_the_search_never_shows_specially_controlled_medicines(desk: Desk) -> None:
    rx.DrugFactory(generic_name="地西泮片", special_class="psychotropic_2")
    text = desk.look("drugs/", q="地西泮")
    assert "地西泮片" not in text
    assert "drug_id" not in text


def test_adding_takes_the_usual_dose_and_focuses_it(desk: Desk, amlodipine: Drug) -> None:
    text = desk.act("lines/", drug_id=amlodipine.pk)
    assert "autofocus" in text
    kept = desk.draft.lines.get()
    assert (kept.dose, kept.frequency, kept.timing, kept.days) == (5, "qd", "morning", 7)


def test_a_forced_special_drug_is_met_by_p01_and_cannot_be_signed(desk: Desk) -> None:
    forced = rx.DrugFactory(generic_name="地西泮片", special_class="psychotropic_2")
    text = desk.act("lines/", drug_id=forced.pk)
    assert "P-01" in text
    assert 'aria-disabled="true"' in text
    assert "P-01" not in desk.act("submit/") or desk.draft.state == PrescriptionState.DRAFT
    assert desk.draft.signed_at is None


def test_a_drug_that_does_not_exist_is_404(desk: Desk) -> None:
    assert desk.browser.post(desk.base + "lines/", {"drug_id": "999999"}).status_code == 404
    assert desk.browser.post(desk.base + "lines/", {"drug_id": "x"}).status_code == 404


def test_changing_a_line_saves_it_and_computes_the_packs(desk: Desk, amlodipine: Drug) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    text = desk.act("lines/1/", **line(dose="10", days="28"))
    assert "¥16.80" in text  # 56 tablets, two boxes
    assert "P-07" in text
    kept = desk.draft.lines.get()
    assert (kept.dose, kept.days, kept.packs) == (10, 28, 2)


@pytest.mark.parametrize(
    ("field", "typed"), [("dose", "abc"), ("dose", ""), ("days", "0"), ("days", "soon"), ("frequency", "x")]
)
def test_what_cannot_be_read_is_said_beside_and_the_line_stays(
    desk: Desk, amlodipine: Drug, field: str, typed: str
) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    text = desk.act("lines/1/", **line(**{field: typed}))
    assert "field__error" in text
    if field != "frequency" and typed:
        assert f'value="{typed}"' in text
    assert desk.draft.lines.get().dose == 5


def test_removing_a_line_renumbers_the_rest(desk: Desk, amlodipine: Drug) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    second = rx.valsartan()
    desk.act("lines/", drug_id=second.pk)
    desk.act("lines/1/remove/")
    assert [(kept.number, kept.drug) for kept in desk.draft.lines.all()] == [(1, second)]


def test_reduce_heals_the_finding(desk: Desk, amlodipine: Drug) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    text = desk.act("lines/1/", **line(dose="15"))
    assert "10 mg" in text
    text = desk.act("heal/", key="P-14:1:15mg", way="reduce")
    assert "P-14" not in text
    assert desk.draft.lines.get().dose == 10


def test_swap_takes_the_other_drug(desk: Desk, amlodipine: Drug) -> None:
    statin = rx.DrugFactory(
        generic_name="辛伐他汀片",
        ingredients=["simvastatin"],
        class_code="XC10AA",
        dose_per_unit=20,
        usual_dose=20,
        max_dose=40,
    )
    other = rx.DrugFactory(
        generic_name="阿托伐他汀钙片",
        ingredients=["atorvastatin"],
        class_code="XC10AA",
        usual_dose=20,
        max_dose=80,
    )
    desk.act("lines/", drug_id=amlodipine.pk)
    desk.act("lines/", drug_id=statin.pk)
    text = desk.act("lines/2/", **line(dose="40"))
    assert "I22" in text
    text = desk.act("heal/", key="I22:2:1:simvastatin+amlodipine", way="swap")
    assert "I22" not in text
    assert [kept.drug for kept in desk.draft.lines.all()] == [amlodipine, other]


def test_keeping_needs_reason_and_second_signature_and_is_taken_back_by_an_empty_one(
    desk: Desk, amlodipine: Drug
) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    desk.act("lines/1/", **line(dose="15"))
    assert 'aria-disabled="true"' in desk.act("keep/", key="P-14:1:15mg", reason="血压未达标")
    assert 'aria-disabled="true"' not in desk.act("keep/", key="P-14:1:15mg", reason="血压未达标", again="on")
    assert 'aria-disabled="true"' in desk.act("keep/", key="P-14:1:15mg", reason="")


def test_the_reason_for_one_dose_does_not_cover_a_higher_one(desk: Desk, amlodipine: Drug) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    desk.act("lines/1/", **line(dose="15"))
    desk.act("keep/", key="P-14:1:15mg", reason="血压未达标", again="on")
    assert 'aria-disabled="true"' in desk.act("lines/1/", **line(dose="20"))


def test_long_term_asks_for_its_conditions_and_keeps_them(desk: Desk, amlodipine: Drug) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    desk.act("lines/1/", **line(days="28"))
    text = desk.act("options/", is_long_term="on", validity_days="3", validity_reason="在线缴费")
    assert "P-09" in text
    five = ["diagnosis_clear", "plan_stable", "adherence_good", "controlled", "needed_long"]
    text = desk.act("options/", is_long_term="on", confirmations=five, validity_days="1")
    assert 'aria-disabled="true"' not in text
    assert desk.draft.confirmations == sorted(five)
    assert desk.draft.validity_days == 1


def test_signing_shows_it_signed(desk: Desk, amlodipine: Drug) -> None:
    desk.act("lines/", drug_id=amlodipine.pk)
    text = desk.act("submit/")
    assert 'id="rx-search"' not in text
    assert Prescription.objects.get().state == PrescriptionState.SUBMITTED
    assert desk.act("submit/")
    assert Prescription.objects.count() == 1


def test_a_return_is_shown_with_its_reason_and_answered_by_a_new_version(desk: Desk) -> None:
    returned = rx.returned(rx.signed(desk.visit))
    text = desk.look()
    assert "剂量偏大" in text
    assert "剂量偏大" in desk.look(part="signed")
    desk.act("revise/")
    assert (desk.draft.number, desk.draft.version) == (returned.number, 2)
    assert desk.draft.lines.get().drug == returned.lines.get().drug


def test_an_earlier_prescription_of_the_patient_is_copied(desk: Desk, amlodipine: Drug) -> None:
    earlier = rx.visit(
        at=AT.replace(month=9), patient=desk.visit.patient, patient_user=desk.visit.patient_user
    )
    lines = (
        DraftLine(amlodipine.pk, Decimal("2.5"), "qd", 28, timing="evening"),
        DraftLine(rx.valsartan().pk, Decimal(80), "qd", 28),
    )
    past = rx.passed(
        rx.signed(earlier, *lines, at=AT.replace(month=9), days_reason="稳定"), at=AT.replace(month=9)
    )
    assert past.number in desk.look()
    desk.act("lines/", drug_id=amlodipine.pk)
    desk.act(f"copy/{past.number}/")
    # What is on it already is not taken twice.
    assert [kept.drug.generic_name for kept in desk.draft.lines.all()] == ["苯磺酸氨氯地平片", "缬沙坦胶囊"]


def test_another_patients_prescription_is_not_copied(desk: Desk) -> None:
    other = rx.passed(rx.signed(rx.visit()))
    assert desk.browser.post(f"{desk.base}copy/{other.number}/").status_code == 404


def test_another_doctor_finds_no_editor(desk: Desk, signed_in: SignIn) -> None:
    assert signed_in(PractitionerFactory().user).get(desk.base).status_code == 404


def test_without_script_an_act_leads_back_to_the_page(desk: Desk, amlodipine: Drug) -> None:
    page = f"http://testserver/clinic/{desk.visit.encounter.number}/?tab=rx"
    reply = desk.browser.post(desk.base + "lines/", {"drug_id": amlodipine.pk}, headers={"Referer": page})
    assert reply.status_code == 302
    assert reply.url == page  # type: ignore[attr-defined]
    away = desk.browser.post(
        desk.base + "lines/", {"drug_id": amlodipine.pk}, headers={"Referer": "https://evil.example/"}
    )
    assert away.url == f"/clinic/{desk.visit.encounter.number}/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_editor_speaks_both_languages(desk: Desk, amlodipine: Drug, language: str) -> None:
    desk.browser.cookies["django_language"] = language
    desk.act("lines/", drug_id=amlodipine.pk)
    text = desk.act("lines/1/", **line(dose="15"))
    assert ("每日 1 次" in text) == (language == "zh-hans")
    assert ("once a day" in text) == (language == "en")
    assert ("at most 10 mg a day" in text) == (language == "en")


def test_the_statements_of_the_editor_do_not_grow_with_the_lines(desk: Desk, amlodipine: Drug) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            desk.look()
        return len(seen)

    desk.act("lines/", drug_id=amlodipine.pk)
    one = statements()
    for name in ("metformin", "acarbose", "ezetimibe"):
        desk.act("lines/", drug_id=rx.DrugFactory(ingredients=[name], class_code="XA10B").pk)
    assert statements() == one
