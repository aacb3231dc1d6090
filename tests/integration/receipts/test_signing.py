"""A file as it is given out: PDF/A, signed over every byte, the same bytes ever after."""

import asyncio
import hashlib
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from receipts.errors import CannotSign
from receipts.models import ReceiptFile
from receipts.operations import printed
from receipts.states import Document, Language, Paper
from tests.factories import receipts as making
from tests.factories.encounters import AT
from tests.integration.receipts.files import bytes_of, file_of, receipt_of

pytestmark = pytest.mark.django_db


def is_sound(pdf: bytes, key_path: str) -> bool:
    """What pyhanko's validator says of a file's only signature, trusting the certificate of the key."""
    certificate = pkcs12.load_pkcs12(Path(key_path).read_bytes(), None).cert.certificate
    trusted = list(load_certs_from_pemder_data(certificate.public_bytes(Encoding.PEM)))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=trusted, moment=None)
    status = asyncio.run(async_validate_pdf_signature(signature, signer_validation_context=context))
    return bool(status.bottom_line)


def test_it_is_a_pdf_a_with_its_fonts_inside() -> None:
    reader = PdfReader(io.BytesIO(bytes_of(file_of(receipt_of()))))
    root: Any = reader.trailer["/Root"]
    resources: Any = reader.pages[0]["/Resources"]
    metadata = root["/Metadata"].get_data().decode()
    said = dict(re.findall(r"pdfaid:(part|conformance)(?:>|=\")(\w)", metadata))
    assert said == {"part": "2", "conformance": "B"}
    for font in resources["/Font"].values():
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


def test_the_signature_is_sound_and_a_changed_byte_breaks_it(key_path: str) -> None:
    signed = bytes_of(file_of(receipt_of()))
    assert is_sound(signed, key_path)
    at = signed.index(b"Typst")  # a word that changes neither the form nor the looks of the file
    changed = signed[:at] + b"t" + signed[at + 1 :]
    assert len(changed) == len(signed)
    assert not is_sound(changed, key_path)


def test_it_is_signed_over_the_whole_file_in_the_pades_way() -> None:
    (signature,) = PdfFileReader(io.BytesIO(bytes_of(file_of(receipt_of())))).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.compute_integrity_info() is None
    assert signature.coverage.name == "ENTIRE_FILE"


def test_a_signature_of_somebody_else_s_key_is_not_sound_to_us(tmp_path: Path) -> None:
    signed = bytes_of(file_of(receipt_of()))
    assert not is_sound(signed, making.signing_key(tmp_path))


def test_asked_again_it_is_the_same_file(key_path: str) -> None:
    receipt = receipt_of()
    first = file_of(receipt)
    later = printed(
        receipt_id=receipt.pk, document=Document.RECEIPT, paper=Paper.A4, language=Language.CHINESE,
        at=AT + timedelta(days=400),
    )  # fmt: skip
    assert later == first
    assert hashlib.sha256(bytes_of(later)).hexdigest() == first.sha256
    assert ReceiptFile.objects.count() == 1


def test_without_a_key_nothing_is_given_out(settings: Any) -> None:
    receipt = receipt_of()
    for path in ("", "/nowhere/receipts.p12"):
        settings.RECEIPTS_SIGNING_KEY_PATH = path
        with pytest.raises(CannotSign):
            file_of(receipt)
    assert not ReceiptFile.objects.exists()
