"""What stands on a document: in both languages, on both papers, and text only ever as text."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from kernel.errors import NotFoundForYou
from receipts.gateway.port import FiscalNumbers
from receipts.gateway.typesetting import typeset
from receipts.models import ReceiptFile
from receipts.operations import issue_receipt, issue_refund_certificate, note_fiscal_numbers, printing
from receipts.queries.sheets import sheet_of
from receipts.states import Document, Language, Paper
from tests.factories import receipts as making
from tests.factories.encounters import AT
from tests.integration.receipts.files import bytes_of, file_of, pages_of, receipt_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unsigned")]
FISCAL = FiscalNumbers("33060226", "0026896566", "c748a8")


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("language", list(Language))
def test_every_document_is_made_on_both_papers_in_both_languages(paper: Paper, language: Language) -> None:
    receipt = receipt_of("10.00", "3.50", fund="5.00")
    for document in (Document.RECEIPT, Document.BILL, Document.ITEMISED_LIST, Document.PAYMENT):
        sheet = sheet_of(
            receipt, document, paper, language, verify_url="https://hospital.example.org/verify/X/"
        )
        said, visit = "".join(pages_of(typeset(sheet, at=AT))), receipt.content["visit"]
        assert receipt.number in said
        assert visit["patient"] in said
        assert (visit["doctor_en"] if language == Language.ENGLISH else visit["doctor"]) in said


def test_the_same_sheet_and_moment_give_the_same_bytes() -> None:
    receipt = receipt_of()
    sheet = sheet_of(
        receipt,
        Document.BILL,
        Paper.A4,
        Language.CHINESE,
        verify_url="https://hospital.example.org/verify/X/",
    )
    assert typeset(sheet, at=AT) == typeset(sheet, at=AT.replace(microsecond=5))


def test_a4_stands_and_a5_lies() -> None:
    receipt = receipt_of()
    sizes = {}
    for paper in Paper:
        box = PdfReader(BytesIO(bytes_of(file_of(receipt, paper=paper)))).pages[0].mediabox
        sizes[paper] = (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4))
    assert sizes == {Paper.A4: (210, 297), Paper.A5: (210, 148)}


def test_the_figures_of_the_bill_stand_on_its_documents() -> None:
    receipt = receipt_of("10.00", "1234.50", fund="5.00")
    said = text_of(file_of(receipt))
    assert "2,489.00" in said  # 2 × 10.00 + 2 × 1234.50
    assert "2,484.00" in said  # without the fund's part
    assert "贰仟肆佰捌拾玖元整" in said
    assert "1,234.50" in text_of(file_of(receipt, Document.ITEMISED_LIST))


def test_it_says_that_it_is_no_fiscal_receipt_until_it_has_a_fiscal_number() -> None:
    receipt = receipt_of()
    before = text_of(file_of(receipt, language=Language.ENGLISH))
    note_fiscal_numbers(receipt_id=receipt.pk, numbers=FISCAL, by=None, at=AT)
    after = text_of(file_of(receipt, language=Language.ENGLISH))
    assert "not a fiscal e-receipt" in before
    assert "not a fiscal e-receipt" not in after
    assert all(number in after for number in (FISCAL.code, FISCAL.number, FISCAL.check_code))


def test_it_is_marked_as_a_demonstration() -> None:
    receipt = receipt_of()
    assert receipt.institution.is_demonstration
    assert "Demonstration: no real money" in text_of(file_of(receipt, language=Language.ENGLISH))


def test_of_two_who_print_at_once_both_get_the_first_file(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = receipt_of()
    won: list[ReceiptFile] = []

    def slow(pdf: bytes, *, reason: str) -> bytes:
        monkeypatch.setattr(printing, "sign", lambda pdf, reason: pdf)
        won.append(file_of(receipt))  # somebody else is quicker
        return pdf

    monkeypatch.setattr(printing, "sign", slow)
    assert file_of(receipt) == won[0]
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.pdf"))) == 1


def test_a_kept_file_cannot_be_changed_in_the_database() -> None:
    kept = file_of(receipt_of())
    with pytest.raises(DatabaseError), transaction.atomic():
        ReceiptFile.objects.filter(pk=kept.pk).update(sha256="0" * 64)


def test_a_receipt_out_of_force_is_stamped_and_the_file_given_out_before_stays() -> None:
    bill = making.paid_bill()
    receipt = issue_receipt(bill_id=bill.pk, by=None, at=making.SETTLED_AT)
    before = file_of(receipt, language=Language.ENGLISH)
    red = issue_refund_certificate(
        request_id=making.lines_refunded(bill, {1: "1"}).pk, by=None, at=making.REFUNDED_AT
    )
    assert red is not None
    after = file_of(receipt, language=Language.ENGLISH)
    assert "OUT OF FORCE" not in text_of(before)
    assert "OUT OF FORCE" in text_of(after)
    assert red.number in text_of(after)


def test_a_refund_certificate_names_why_and_both_receipts() -> None:
    bill = making.paid_bill("10.00", "3.50")
    receipt = issue_receipt(bill_id=bill.pk, by=None, at=making.SETTLED_AT)
    red = issue_refund_certificate(
        request_id=making.lines_refunded(bill, {2: "1"}).pk, by=None, at=making.REFUNDED_AT
    )
    assert red is not None
    said = text_of(file_of(red, Document.REFUND))
    for expected in (
        "-3.50",
        "负叁元伍角",
        "药品质量问题",
        receipt.number,
        red.content["refund"]["standing"],
    ):
        assert expected in said


def test_a_name_that_looks_like_markup_is_set_as_it_is() -> None:
    bill = making.paid_bill()
    patient = bill.encounter.patient
    patient.name = '*#sys.inputs*"$\\'
    patient.save()
    receipt = issue_receipt(bill_id=bill.pk, by=None, at=making.SETTLED_AT)
    assert '*#sys.inputs*"$\\' in text_of(file_of(receipt))


def test_a_list_of_many_lines_repeats_its_head_on_every_page() -> None:
    receipt = receipt_of(*["1.10"] * 40)
    kept = file_of(receipt, Document.ITEMISED_LIST, Paper.A5, Language.ENGLISH)
    pages = pages_of(bytes_of(kept))
    assert len(pages) > 2
    assert all("Unit price" in page for page in pages[:-1])
    assert sum((Decimal(line["amount"]) for line in receipt.content["lines"]), Decimal(0)) == Decimal("88.00")
    assert "88.00" in pages[-1]


def test_a_receipt_has_no_refund_certificate_and_one_without_cash_no_payment_certificate() -> None:
    paid_by_fund = receipt_of("10.00", fund="20.00")
    for document in (Document.REFUND, Document.PAYMENT):
        with pytest.raises(NotFoundForYou):
            file_of(paid_by_fund, document)
