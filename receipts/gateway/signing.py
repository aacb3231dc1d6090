"""Signing: PAdES (baseline B) over the whole file with the key of this installation."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter

from receipts.errors import CannotSign

FIELD = "Receipt"
_RESERVED = 16_384
"""Hexadecimal digits kept free for the signature: key and chain of an authority need less. Not to sign twice for it."""


def sign(pdf: bytes, *, reason: str) -> bytes:
    """The file with an invisible signature over every byte of it.

    Args:
        pdf: as it was typeset.
        reason: kept with the signature. The moment is that of this machine; no third party vouches for it.

    Raises:
        CannotSign: there is no key, or it cannot be read.
    """
    signer = _signer(settings.RECEIPTS_SIGNING_KEY_PATH, settings.RECEIPTS_SIGNING_KEY_PASSWORD)
    said = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
    )
    signed = PdfSigner(said, signer).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=_RESERVED
    )
    return bytes(signed.getvalue())


@lru_cache(maxsize=2)
def _signer(path: str, password: str) -> SimpleSigner:
    """Key, certificate, and whatever stands behind it, of a PKCS #12 file."""
    if not path:
        raise CannotSign
    try:
        signer = SimpleSigner.load_pkcs12_data(
            Path(path).read_bytes(), other_certs=[], passphrase=password.encode() or None
        )
    except (OSError, ValueError) as error:
        raise CannotSign from error
    if not isinstance(signer, SimpleSigner):
        raise CannotSign
    return signer
