"""Who gets a document, and what everybody sees of it by its code."""

from io import BytesIO
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from audit.models import AuditEntry
from billing.models import Bill
from receipts.errors import CannotSign
from receipts.models import Receipt, ReceiptFile
from receipts.operations import issue_receipt, issue_refund_certificate, printing
from tests.factories import receipts as making
from tests.factories.accounts import StaffFactory
from tests.factories.portal import patient_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unsigned")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
_ADDRESSES = count(1)


def browser(user: User | None = None, language: str = "en") -> Client:
    """Each from an address of its own: the limits count addresses."""
    client = Client(REMOTE_ADDR=f"10.9.{next(_ADDRESSES) % 250}.{next(_ADDRESSES) % 250}")
    client.cookies["django_language"] = language
    if user:
        client.force_login(user, backend=BACKEND)
    return client


class Case:
    """A patient's paid bill with its receipt."""

    def __init__(self) -> None:
        self.user, patient = patient_user()
        self.bill: Bill = making.paid_bill("10.00", "3.50", patient=patient)
        self.receipt = issue_receipt(bill_id=self.bill.pk, by=None, at=making.SETTLED_AT)

    def refund(self, line: int = 1) -> Receipt:
        request = making.lines_refunded(self.bill, {line: "1"})
        red = issue_refund_certificate(request_id=request.pk, by=None, at=making.REFUNDED_AT)
        assert red is not None
        return red

    @property
    def list_url(self) -> str:
        return f"/bills/{self.bill.number}/documents/"

    @property
    def file_url(self) -> str:
        return f"/receipts/{self.receipt.number}/receipt.pdf"

    @property
    def verify_url(self) -> str:
        return f"/verify/{self.receipt.verification_code}/"


@pytest.fixture
def case() -> Case:
    return Case()


def test_a_patient_finds_each_document_of_her_bill(case: Case) -> None:
    page = browser(case.user).get(f"{case.list_url}?paper=A5&lang=zh").content.decode()
    assert case.receipt.number in page
    for name in ("receipt", "bill", "list", "payment"):
        assert f"/receipts/{case.receipt.number}/{name}.pdf?paper=A5&amp;lang=zh" in page
    assert case.user.guardianships.get().patient.name not in page


def test_a_file_comes_as_a_pdf_that_no_browser_keeps(case: Case) -> None:
    answer = browser(case.user).get(f"{case.file_url}?paper=A5&lang=en")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert f"{case.receipt.number}-receipt-A5-en.pdf" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert answer.getvalue().startswith(b"%PDF-")


def test_what_is_not_chosen_or_chosen_wrongly_is_a4_in_the_language_of_the_page(case: Case) -> None:
    browser(case.user).get(case.file_url)
    browser(case.user, "zh-hans").get(f"{case.file_url}?paper=B3&lang=fr")
    made = list(ReceiptFile.objects.order_by("pk").values_list("paper", "language"))
    assert made == [("A4", "en"), ("A4", "zh")]


@pytest.mark.parametrize("url", ["list_url", "file_url"])
def test_nobody_else_gets_it_by_its_number(case: Case, url: str) -> None:
    path = getattr(case, url)
    stranger, _patient = patient_user()
    assert browser().get(path).status_code == 302
    assert browser(stranger).get(path).status_code == 404
    for role in (Role.DOCTOR, Role.PHARMACIST, Role.ADMINISTRATOR, Role.REGULATOR):
        assert browser(StaffFactory(role=role)).get(path).status_code == 404
    assert not ReceiptFile.objects.exists()


def test_a_number_that_does_not_exist_looks_the_same(case: Case) -> None:
    answers = [
        browser(case.user).get(path)
        for path in ("/receipts/R2026-H00000000000-000009/receipt.pdf", "/bills/B0/documents/")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("kind", ["refund", "secret", "..%2F..%2Fetc"])
def test_a_document_that_this_receipt_does_not_have_is_not_found(case: Case, kind: str) -> None:
    assert browser(case.user).get(f"/receipts/{case.receipt.number}/{kind}.pdf").status_code == 404


@pytest.mark.parametrize("role", [Role.FINANCE, Role.INSURANCE_OFFICE])
def test_an_office_of_money_reads_it_and_leaves_a_trace(case: Case, role: Role) -> None:
    clerk = StaffFactory(role=role)
    assert browser(clerk).get(case.list_url).status_code == 200
    assert browser(clerk).get(case.file_url).status_code == 200
    trace = AuditEntry.objects.get(action="receipts.document.read")
    assert (trace.by_id, trace.facts) == (clerk.pk, {"document": "receipt"})


def test_a_patient_leaves_no_trace_of_reading_her_own(case: Case) -> None:
    browser(case.user).get(case.file_url)
    assert not AuditEntry.objects.filter(action="receipts.document.read").exists()


def test_a_bill_without_a_receipt_says_what_comes() -> None:
    user, patient = patient_user()
    paid = making.paid_bill(patient=patient)
    page = browser(user).get(f"/bills/{paid.number}/documents/").content.decode()
    assert "The receipt is being made" in page


def test_without_a_key_the_page_says_what_to_do(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(pdf: bytes, *, reason: str) -> bytes:
        raise CannotSign

    monkeypatch.setattr(printing, "sign", cannot)
    answer = browser(case.user).get(case.file_url)
    assert answer.status_code == 503
    assert "Please try again later" in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_receipts(case: Case) -> None:
    client = browser(case.user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(case.list_url).status_code == 200
        return len(asked)

    queries()  # the first request of a session asks for more
    before = queries()
    case.refund(1)
    case.refund(2)
    assert queries() == before


def test_everybody_sees_that_it_is_genuine_and_no_more_than_needed(case: Case) -> None:
    answer = browser().get(case.verify_url)
    page, patient = answer.content.decode(), case.bill.encounter.patient
    assert answer.status_code == 200
    assert "Genuine and in force" in page
    assert case.receipt.number in page
    assert "¥27.00" in page
    assert f"{patient.name[0]}*{patient.name[2:]}" in page
    for hidden in (patient.name, patient.id_number, patient.masked_id_number, case.bill.number, "ITEM0"):
        assert hidden not in page


def test_everybody_sees_that_it_is_out_of_force_and_by_what(case: Case) -> None:
    red = case.refund()
    old = browser().get(case.verify_url).content.decode()
    new = browser().get(f"/verify/{red.verification_code}/").content.decode()
    assert "Out of force" in old
    assert "Genuine and in force" not in old
    assert red.number in old
    assert "Genuine refund certificate" in new


@pytest.mark.parametrize("code", ["2" * 16, "x", "'; DROP", "A" * 200])
def test_an_unknown_code_says_not_to_rely_on_the_paper(code: str) -> None:
    answer = browser().get(f"/verify/{code}/")
    assert answer.status_code == 404
    assert "We have given out no receipt with this code" in answer.content.decode()


def test_a_code_is_typed_as_it_is_printed(case: Case) -> None:
    code = case.receipt.verification_code
    typed = " ".join(code[at : at + 4] for at in range(0, 16, 4)).lower()
    assert browser().post("/verify/", {"code": typed}).headers["Location"] == case.verify_url


def test_a_code_with_a_letter_that_no_code_has_is_refused_beside_the_field() -> None:
    answer = browser().post("/verify/", {"code": "OI01 2345 6789 ABCD"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "without 0, 1, I and O" in page
    assert "OI01 2345 6789 ABCD" in page


def test_the_file_she_was_given_is_known_and_another_is_not(case: Case) -> None:
    pdf = browser(case.user).get(case.file_url).getvalue()
    same = browser().post(case.verify_url, {"file": named(pdf)}).content.decode()
    other = browser().post(case.verify_url, {"file": named(pdf[:-1] + b"!")}).content.decode()
    assert "Exactly this file was given out by us" in same
    assert "This file is not one of ours" in other


def test_a_file_of_another_receipt_does_not_pass_for_this_one(case: Case) -> None:
    other = Case()
    pdf = browser(other.user).get(other.file_url).getvalue()
    page = browser().post(case.verify_url, {"file": named(pdf)}).content.decode()
    assert "This file is not one of ours" in page


def named(content: bytes) -> BytesIO:
    file = BytesIO(content)
    file.name = "receipt.pdf"
    return file


def test_who_tries_codes_is_told_to_wait() -> None:
    client = browser()
    statuses = [client.get("/verify/2222222222222222/").status_code for _try in range(31)]
    assert statuses[:30] == [404] * 30
    assert statuses[30] == 429
    assert int(client.get("/verify/2222222222222222/")["Retry-After"]) >= 1
