"""What every document has: head, marks, and how it is verified."""

from io import BytesIO
from typing import Any

import segno
from django.utils.translation import gettext as _

from kernel import presentation
from receipts.models import Receipt
from receipts.queries.sheets.words import said
from receipts.rules.content import Content
from receipts.states import Document
from registry.models.patients import Gender


def frame(receipt: Receipt, content: Content, document: Document, verify_url: str) -> dict[str, Any]:
    """Title, number, facts, marks, stamp, notes and verification."""
    return {
        "title": _title(document),
        "issuer": said(content.institution.name, content.institution.name_en),
        "number": [_("Receipt no."), receipt.number],
        "is_red": receipt.is_red,
        "facts": _facts(receipt, content, document),
        "marks": _marks(receipt, content),
        "stamp": _stamp(receipt),
        "notes": _notes(content),
        "verify": _verification(receipt, verify_url),
        "page": _page(),
    }


def _page() -> list[str]:
    """The words before, between and after the page and how many there are; the typesetter counts."""
    return (_("Page %(page)s of %(pages)s") % {"page": "\0", "pages": "\0"}).split("\0")


def _title(document: Document) -> str:
    return {
        Document.RECEIPT: _("Electronic receipt"),
        Document.BILL: _("Bill, and who pays it"),
        Document.ITEMISED_LIST: _("Itemised list of charges"),
        Document.PAYMENT: _("Payment certificate"),
        Document.REFUND: _("Refund certificate"),
    }[document]


def _facts(receipt: Receipt, content: Content, document: Document) -> list[list[str]]:
    visit = content.visit
    facts = [
        [_("Patient"), f"{visit.patient}　{Gender(visit.gender).label}"],
        [_("Identity number"), visit.id_number],
        [_("Visit no."), visit.number],
        [_("Day of service"), visit.service_on.isoformat()],
        [_("Department"), said(visit.department, visit.department_en)],
        [_("Doctor"), said(visit.doctor, visit.doctor_en)],
        [_("Bill no."), content.bill],
        [_("Issued on"), presentation.iso(receipt.issued_at)],
    ]
    if content.insurance:
        facts.append([_("Settlement number at the insurer"), content.insurance.settlement])
    if document == Document.RECEIPT:
        facts += _fiscal(receipt)
    return facts


def _fiscal(receipt: Receipt) -> list[list[str]]:
    """The fields of a fiscal e-receipt; a platform outside gives them out."""
    none = _("not assigned")
    return [
        [_("Fiscal receipt code"), receipt.fiscal_code or none],
        [_("Fiscal receipt number"), receipt.fiscal_number or none],
        [_("Fiscal check code"), receipt.fiscal_check_code or none],
    ]


def _marks(receipt: Receipt, content: Content) -> list[str]:
    marks = []
    if content.institution.is_demonstration:
        marks.append(_("Demonstration: no real money, not valid for reimbursement"))
    if not receipt.fiscal_number:
        marks.append(_("Receipt of this platform, not a fiscal e-receipt"))
    return marks


def _stamp(receipt: Receipt) -> list[str]:
    """Two lines across a receipt that is out of force; none for one in force."""
    if receipt.cancelled_by is None:
        return []
    return [_("OUT OF FORCE"), receipt.cancelled_by.number]


def _notes(content: Content) -> list[str]:
    where = said(content.institution.address, content.institution.address_en)
    phone = content.institution.phone
    return [
        _("%(hospital)s, %(address)s. Questions: %(phone)s.")
        % {
            "hospital": said(content.institution.name, content.institution.name_en),
            "address": where,
            "phone": phone,
        },
        _(
            "The file is signed electronically. Whether it is genuine and still in force is shown by its QR code."
        ),
    ]


def _verification(receipt: Receipt, url: str) -> dict[str, Any]:
    """The QR code as SVG, and the same to type."""
    picture = BytesIO()
    segno.make(url, error="m").save(picture, kind="svg", border=0, xmldecl=False, svgns=True)
    code = receipt.verification_code
    return {
        "svg": picture.getvalue().decode(),
        "alt": _("QR code that leads to the page of verification"),
        "label": _("Verify"),
        "url": url.removesuffix(f"{code}/"),
        "code": [f"{code[at : at + 4]} {code[at + 4 : at + 8]}" for at in range(0, len(code), 8)],
    }
