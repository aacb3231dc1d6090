"""The itemised list that a patient has a right to: every line with its document, sums that agree, and who may read."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from audit.models import AuditEntry
from billing.models import Bill, BillPurpose
from billing.operations import open_bill, void_bill
from kernel import clock
from pricing.operations import keep_quote
from pricing.queries import reasoned_quote_for
from pricing.rules import ServiceLine
from tests.factories import portal as visits
from tests.factories import prescriptions as prescribing
from tests.factories.accounts import StaffFactory
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(db: None) -> "Case":
    return Case()


class Case:
    """A prescription that was passed, its bill, and the people around it."""

    def __init__(self) -> None:
        self.user, patient = visits.patient_user()
        self.visit = prescribing.visit(patient_user=self.user, patient=patient)
        reviewed = prescribing.passed(prescribing.signed(self.visit))
        assert reviewed.bill is not None
        self.bill: Bill = reviewed.bill
        self.encounter = self.bill.encounter

    @property
    def path(self) -> str:
        return f"/visits/{self.encounter.number}/fee-list/"

    def charge(self, *amounts: str) -> Bill:
        """Another bill of the visit with a line for each price in yuan."""
        prices = [PriceFactory(amount=Decimal(amount), self_pay_rate=Decimal("0.1")) for amount in amounts]
        priced = reasoned_quote_for(
            lines=[ServiceLine(str(price.pk), price.item.code, Decimal(2)) for price in prices],
            institution=self.encounter.institution,
            service_on=self.encounter.service_on,
        )
        at = clock.now()
        return open_bill(
            encounter_id=self.encounter.pk, purpose=BillPurpose.CONSULTATION, quote=priced.quote,
            stored_quote=keep_quote(priced, at=at), by=None, at=at,
        )  # fmt: skip


def read(user: User | None, path: str, language: str = "zh-hans") -> tuple[int, str]:
    browser = Client()
    browser.cookies["django_language"] = language
    if user:
        browser.force_login(user, backend=BACKEND)
    answer = browser.get(path)
    return answer.status_code, answer.content.decode()


def test_every_line_says_code_unit_quantity_price_amount_class_and_document(case: Case) -> None:
    status, page = read(case.user, case.path)
    line = case.bill.lines.get()
    assert status == 200
    for said in (
        line.item_code,
        line.name,
        line.unit,
        f"¥{line.amount}",
        line.document.number,
        line.specification,
    ):
        assert said in page
    assert line.steps[0]["note"] in page
    assert case.encounter.patient.name not in page
    assert case.encounter.number in page


def test_the_list_is_complete_in_english(case: Case) -> None:
    line = case.bill.lines.get()
    _status, page = read(case.user, case.path, "en")
    assert line.name_en in page
    assert line.steps[0]["note_en"] in page
    assert "Itemised list of charges" in page
    assert "费用清单" not in page


def test_sums_by_charge_type_agree_with_the_lines(case: Case) -> None:
    case.charge("3.50", "1.25")
    _status, page = read(case.user, case.path, "en")
    drugs = case.bill.total_amount
    assert f"¥{drugs + Decimal('9.50'):,.2f}" in page
    assert "¥9.50" in page  # 2 × 3.50 + 2 × 1.25 of the charge type consultation
    assert "own share 10 %" in page


def test_one_bill_can_be_listed_alone_and_a_void_one_is_left_out(case: Case) -> None:
    other = case.charge("3.50")
    _status, one = read(case.user, f"{case.path}?bill={other.number}")
    assert other.number in one
    assert case.bill.number not in one
    void_bill(bill_id=other.pk, at=clock.now())
    _status, rest = read(case.user, case.path)
    assert other.number not in rest
    assert case.bill.number in rest


def test_a_bill_of_somebody_else_shows_no_lines_here(case: Case) -> None:
    other = Case()
    status, page = read(case.user, f"{case.path}?bill={other.bill.number}")
    assert status == 200
    assert "<tbody>" not in page


def test_nobody_else_reads_it(case: Case) -> None:
    stranger, _patient = visits.patient_user()
    assert read(None, case.path)[0] == 302
    assert read(stranger, case.path)[0] == 404
    assert read(StaffFactory(role=Role.DOCTOR), case.path)[0] == 404
    assert read(StaffFactory(role=Role.PHARMACIST), case.path)[0] == 404
    assert read(case.user, "/visits/V0/fee-list/")[0] == 404


def test_the_doctor_of_the_visit_reads_it_and_leaves_no_trace(case: Case) -> None:
    doctor = case.encounter.practitioner.user
    assert doctor is not None
    assert read(doctor, case.path)[0] == 200
    assert not AuditEntry.objects.filter(action="checkout.fee_list.read").exists()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.INSURANCE_OFFICE])
def test_an_office_of_money_reads_it_and_leaves_a_trace(case: Case, role: Role) -> None:
    clerk = StaffFactory(role=role)
    assert read(clerk, case.path)[0] == 200
    trace = AuditEntry.objects.get(action="checkout.fee_list.read")
    assert (trace.by_id, trace.subject_id) == (clerk.pk, str(case.encounter.pk))


def test_the_page_of_the_bill_leads_to_it(case: Case) -> None:
    _status, page = read(case.user, f"/bills/{case.bill.number}/")
    assert f"{case.path}?bill={case.bill.number}" in page


def test_the_number_of_queries_does_not_grow_with_the_lines(case: Case) -> None:
    browser = Client()
    browser.force_login(case.user, backend=BACKEND)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(case.path).status_code == 200
        return len(asked)

    case.charge("1.00")
    queries()  # the first request of a session asks for more
    before = queries()
    case.charge(*["2.00"] * 15)
    assert queries() == before
