"""Which role gets what on every named page: 200 a page, 302 sign in or go on, 403 not for this role, 404 not yours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role, User
from consultations.states import RevisitState
from encounters.models import ProofFile
from insurance.models import Agreement
from kernel import clock
from pricing.operations import revising
from registry.models import VerificationRequest
from tests.factories import portal as visits
from tests.factories import prescriptions as prescribing
from tests.factories import revisions
from tests.factories.accounts import administrator
from tests.factories.encounters import another_doctor, picture

PEOPLE = ("nobody", "patient", "stranger", "doctor", "colleague", "pharmacist", "administrator")
"""``patient`` and ``doctor`` own the records of the table; ``stranger`` and ``colleague`` are of the same roles."""

OPEN = (200,) * 7
PATIENTS = (302, 200, 200, 403, 403, 403, 403)
PATIENTS_OWN = (302, 200, 404, 403, 403, 403, 403)
PATIENTS_ACT = (302, 404, 404, 403, 403, 403, 403)
DOCTORS = (302, 403, 403, 200, 200, 403, 403)
DOCTORS_OWN = (302, 403, 403, 200, 404, 403, 403)
DOCTORS_ACT = (302, 403, 403, 404, 404, 403, 403)
PHARMACISTS = (302, 403, 403, 403, 403, 200, 403)
PHARMACISTS_ACT = (302, 403, 403, 403, 403, 404, 403)
PRICE_OFFICE = (302, 403, 403, 403, 403, 403, 200)
PRICE_OFFICE_ACT = (302, 403, 403, 403, 403, 403, 404)
INSURANCE_READERS = PRICE_OFFICE
INSURANCE_OFFICE = (302, *(403,) * 6)  # the insurance office alone acts, and nobody here is of it
FINANCE_READERS = PRICE_OFFICE
FINANCE_OFFICE = (302, *(403,) * 6)  # the finance office alone acts, and nobody here is of it
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)

GET, POST = "GET", "POST"

# Page -> (method, names of the arguments, status for each of PEOPLE). An act is tried on a record that does not exist,
# so that nothing happens: who may do it gets 404.
TABLE: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "portal:home": (GET, "", (200, 200, 200, 302, 302, 302, 302)),
    "portal:home_next": (GET, "", PATIENTS),
    "portal:home_todo": (GET, "", PATIENTS),
    "portal:orders": (GET, "", PATIENTS),
    "portal:orders_now": (GET, "", PATIENTS),
    "portal:order": (GET, "bill", PATIENTS_OWN),
    "portal:order_now": (GET, "bill", PATIENTS_OWN),
    "portal:hospital": (GET, "", OPEN),
    "portal:elder": (POST, "", (302,) * 7),
    "portal:offline": (GET, "", OPEN),
    "portal:clinic": (GET, "", DOCTORS),
    "portal:queue": (GET, "", DOCTORS),
    "portal:diagnoses": (GET, "", DOCTORS),
    "portal:encounter": (GET, "visit", DOCTORS_OWN),
    "portal:reveal": (POST, "no_visit", DOCTORS_ACT),
    "portal:begin": (POST, "no_visit", DOCTORS_ACT),
    "portal:decide": (POST, "no_visit", DOCTORS_ACT),
    "portal:record": (POST, "no_visit", DOCTORS_ACT),
    "portal:stop": (POST, "no_visit", DOCTORS_ACT),
    "portal:finish": (POST, "no_visit", DOCTORS_ACT),
    "consultations:departments": (GET, "", OPEN),
    "consultations:book": (GET, "practitioner", PATIENTS),
    "consultations:visits": (GET, "", PATIENTS),
    "consultations:visit": (GET, "visit", PATIENTS_OWN),
    "consultations:visit_fragment": (GET, "visit", PATIENTS_OWN),
    "consultations:complaint": (GET, "preparing", PATIENTS_OWN),
    "consultations:proof": (GET, "preparing", PATIENTS_OWN),
    "consultations:consent": (GET, "preparing", PATIENTS_OWN),
    "consultations:cancel": (POST, "no_visit", PATIENTS_ACT),
    # Both sides of a conversation, and nobody else; the page that asks is told, not led elsewhere.
    "consultations:conversation": (GET, "visit", (403, 200, 404, 200, 404, 404, 404)),
    "consultations:picture": (GET, "visit message", (403, 404, 404, 404, 404, 404, 404)),
    "encounters:proof_file": (GET, "file", (302, 200, 404, 200, 404, 200, 404)),
    "encounters:diagnoses": (GET, "", SIGNED_IN),
    "prescriptions:list": (GET, "", PATIENTS),
    "prescriptions:list_fragment": (GET, "", PATIENTS),
    "prescriptions:detail": (GET, "prescription", PATIENTS_OWN),
    "prescriptions:detail_fragment": (GET, "prescription", PATIENTS_OWN),
    "prescriptions:note": (GET, "prescription", (302, 200, 404, 200, 404, 200, 403)),
    "prescriptions:review_queue": (GET, "", PHARMACISTS),
    "prescriptions:queue_fragment": (GET, "", PHARMACISTS),
    "prescriptions:review": (GET, "prescription", PHARMACISTS),
    "prescriptions:decide": (POST, "no_prescription", PHARMACISTS_ACT),
    "prescriptions:dispense": (POST, "no_prescription", PHARMACISTS_ACT),
    "prescriptions:editor": (GET, "encounter", DOCTORS_OWN),
    "prescriptions:drugs": (GET, "encounter", DOCTORS_OWN),
    "prescriptions:add_line": (POST, "no_encounter", DOCTORS_ACT),
    "prescriptions:change_line": (POST, "no_encounter line", DOCTORS_ACT),
    "prescriptions:remove_line": (POST, "no_encounter line", DOCTORS_ACT),
    "prescriptions:heal": (POST, "no_encounter", DOCTORS_ACT),
    "prescriptions:keep": (POST, "no_encounter", DOCTORS_ACT),
    "prescriptions:options": (POST, "no_encounter", DOCTORS_ACT),
    "prescriptions:copy": (POST, "no_encounter prescription", DOCTORS_ACT),
    "prescriptions:revise": (POST, "no_encounter", DOCTORS_ACT),
    "prescriptions:submit": (POST, "no_encounter", DOCTORS_ACT),
    # hers, or an office's that answers for money
    "receipts:of_bill": (GET, "bill", (302, 200, 404, 404, 404, 404, 404)),
    "receipts:document": (GET, "no_receipt document", (302, *(404,) * 6)),
    "receipts:verify_entry": (GET, "", OPEN),
    "receipts:verify": (GET, "no_verification", (404,) * 7),
    "checkout:pay": (GET, "bill", PATIENTS_OWN),
    "checkout:pay_fragment": (GET, "bill", PATIENTS_OWN),
    "checkout:from_wechat": (GET, "bill", (302, 302, *PATIENTS_OWN[2:])),
    "checkout:voucher": (GET, "bill no_voucher", PATIENTS_ACT),
    "checkout:bill": (GET, "bill", PATIENTS_OWN),
    "checkout:fee_list": (GET, "visit", (302, 200, 404, 200, 404, 404, 404)),
    "pricing:list": (GET, "", OPEN),
    "pricing:onsite_fee": (GET, "", OPEN),
    "pricing:item": (GET, "code", OPEN),
    "pricing:why": (GET, "code", OPEN),
    "pricing:compare": (GET, "code", OPEN),
    "pricing:rules": (GET, "", OPEN),
    "pricing:proof": (GET, "", OPEN),
    "pricing:files": (GET, "", OPEN),
    "pricing:export_json": (GET, "", OPEN),
    "pricing:export_csv": (GET, "", OPEN),
    "pricing:export_schema": (GET, "", OPEN),
    "pricing:office": (GET, "", PRICE_OFFICE),
    "pricing:office_new": (GET, "", PRICE_OFFICE),
    "pricing:office_template": (GET, "form", PRICE_OFFICE),
    "pricing:office_in_force": (GET, "form", PRICE_OFFICE),
    "pricing:office_revision": (GET, "revision", PRICE_OFFICE),
    "pricing:office_trail": (GET, "revision", PRICE_OFFICE),
    "pricing:office_describe": (GET, "revision", PRICE_OFFICE),
    "pricing:office_items": (GET, "revision", PRICE_OFFICE),
    "pricing:office_new_row": (GET, "revision priced", PRICE_OFFICE),
    "pricing:office_row": (GET, "revision row", PRICE_OFFICE),
    "pricing:office_drop": (POST, "no_revision row", PRICE_OFFICE_ACT),
    "pricing:office_copy": (GET, "revision", PRICE_OFFICE),
    "pricing:office_compare": (GET, "revision", PRICE_OFFICE),
    "pricing:office_decide": (POST, "no_revision", PRICE_OFFICE_ACT),
    "pricing:office_publish": (POST, "no_revision", PRICE_OFFICE_ACT),
    "pricing:office_export": (GET, "revision form", PRICE_OFFICE),
    "pricing:office_import": (GET, "revision", PRICE_OFFICE),
    "pricing:office_imported": (GET, "revision file_of_prices", PRICE_OFFICE),
    "pricing:office_imported_now": (GET, "revision file_of_prices", PRICE_OFFICE),
    "pricing:office_faults": (GET, "revision file_of_prices", PRICE_OFFICE),
    "pricing:office_take": (POST, "no_revision file_of_prices", PRICE_OFFICE_ACT),
    "repricing:simulations": (GET, "", PRICE_OFFICE),
    "repricing:simulation": (GET, "no_revision", PRICE_OFFICE_ACT),
    "repricing:simulation_fragment": (GET, "no_revision", PRICE_OFFICE_ACT),
    "repricing:corrections": (GET, "", PRICE_OFFICE),
    "repricing:correction": (GET, "no_revision", PRICE_OFFICE_ACT),
    "repricing:correction_fragment": (GET, "no_revision", PRICE_OFFICE_ACT),
    "repricing:correction_csv": (GET, "no_revision", PRICE_OFFICE_ACT),
    "repricing:correction_act": (POST, "no_revision", PRICE_OFFICE_ACT),
    "repricing:correction_line": (POST, "no_revision corrected", PRICE_OFFICE_ACT),
    "repricing:payback": (POST, "no_revision owed", PRICE_OFFICE_ACT),
    "insurance:office": (GET, "", INSURANCE_READERS),
    "insurance:export": (GET, "", INSURANCE_READERS),
    "insurance:claims": (GET, "", INSURANCE_READERS),
    "insurance:claim": (GET, "no_claim", PRICE_OFFICE_ACT),
    "insurance:order": (POST, "no_claim", INSURANCE_OFFICE),
    "insurance:conclude": (POST, "no_claim", INSURANCE_OFFICE),
    "insurance:seen": (POST, "no_claim", INSURANCE_OFFICE),
    "insurance:return_lines": (GET, "no_claim", INSURANCE_OFFICE),
    "insurance:message": (GET, "no_claim no_message", INSURANCE_OFFICE),
    "insurance:agreements": (GET, "", INSURANCE_READERS),
    "insurance:agreement_new": (GET, "", INSURANCE_OFFICE),
    "insurance:payable_rules": (GET, "", INSURANCE_READERS),
    "insurance:agreement": (GET, "agreement", INSURANCE_READERS),
    "insurance:agreement_decide": (POST, "no_agreement", INSURANCE_OFFICE),
    "insurance:agreement_paper_add": (POST, "no_agreement", INSURANCE_OFFICE),
    "insurance:agreement_paper": (GET, "agreement no_document", PRICE_OFFICE_ACT),
    "prescriptions:take_back": (POST, "no_prescription", PHARMACISTS_ACT),
    "prescriptions:circulation": (GET, "", INSURANCE_READERS),
    "prescriptions:circulation_one": (GET, "no_prescription", PRICE_OFFICE_ACT),
    "prescriptions:circulation_order": (POST, "no_prescription", INSURANCE_OFFICE),
    "prescriptions:circulation_message": (GET, "no_prescription no_circulation_message", INSURANCE_OFFICE),
    "prescriptions:reports": (GET, "", INSURANCE_READERS),
    "prescriptions:tell_again": (POST, "no_report", INSURANCE_OFFICE),
    "prescriptions:conclude_report": (POST, "no_report", INSURANCE_OFFICE),
    "payments:channels": (GET, "", FINANCE_READERS),
    "payments:offer": (POST, "no_institution channel", PRICE_OFFICE_ACT),
    "payments:incidents": (GET, "", FINANCE_READERS),
    "payments:settle_incident": (POST, "no_incident", FINANCE_OFFICE),
    "payments:failed_refunds": (GET, "", FINANCE_READERS),
    "payments:act_on_refund": (POST, "no_refund", FINANCE_OFFICE),
    "finance:overview": (GET, "", FINANCE_READERS),
    "finance:search": (GET, "", FINANCE_READERS),
    "finance:bill": (GET, "bill", FINANCE_READERS),
    "finance:push": (POST, "bill", FINANCE_OFFICE),
    "finance:stop": (POST, "bill", FINANCE_OFFICE),
    "finance:checkouts": (GET, "", FINANCE_READERS),
    "finance:trial_balance": (GET, "", FINANCE_READERS),
    "finance:trial_balance_export": (GET, "form", FINANCE_READERS),
    "finance:account_entries": (GET, "", PRICE_OFFICE_ACT),
    "finance:entries_export": (GET, "form", PRICE_OFFICE_ACT),
    "finance:days": (GET, "", FINANCE_READERS),
    "finance:open_day": (POST, "", FINANCE_OFFICE),
    "finance:day": (GET, "no_institution past_day", PRICE_OFFICE_ACT),
    "finance:day_act": (POST, "no_institution past_day", FINANCE_OFFICE),
    "finance:explain": (POST, "no_institution past_day", FINANCE_OFFICE),
    "finance:statements": (GET, "", FINANCE_READERS),
    "finance:statement_on_paper": (GET, "no_institution month", PRICE_OFFICE_ACT),
    "finance:statement_workbook": (GET, "no_institution month", PRICE_OFFICE_ACT),
    "finance:transfers": (GET, "", FINANCE_READERS),
    "finance:enter_transfer": (POST, "", FINANCE_OFFICE),
    "finance:insurer_transfers": (GET, "", FINANCE_READERS),
    "finance:enter_insurer_transfer": (POST, "", FINANCE_OFFICE),
    "finance:insurer_transfer_act": (POST, "no_payout", FINANCE_OFFICE),
    "finance:silent_visits": (GET, "", FINANCE_READERS),
    "finance:payouts": (GET, "", FINANCE_READERS),
    "finance:draft_payout": (POST, "", FINANCE_OFFICE),
    "finance:payout": (GET, "no_payout", PRICE_OFFICE_ACT),
    "finance:payout_act": (POST, "no_payout", FINANCE_OFFICE),
    "refunds:requests": (GET, "", FINANCE_READERS),
    "refunds:policies": (GET, "", FINANCE_READERS),
    "refunds:give_back": (GET, "no_bill", FINANCE_OFFICE),
    "refunds:request": (GET, "no_refund", PRICE_OFFICE_ACT),
    "refunds:approve": (POST, "no_refund", FINANCE_OFFICE),
    "refunds:decline": (POST, "no_refund", FINANCE_OFFICE),
    "refunds:send_again": (POST, "no_refund", FINANCE_OFFICE),
    "reconciliation:days": (GET, "", INSURANCE_READERS),
    "reconciliation:compare_day": (POST, "", INSURANCE_OFFICE),
    "reconciliation:differences": (GET, "", INSURANCE_READERS),
    "reconciliation:export": (GET, "form", INSURANCE_READERS),
    "reconciliation:difference": (GET, "no_difference", PRICE_OFFICE_ACT),
    "reconciliation:act": (POST, "no_difference", INSURANCE_OFFICE),
    "reconciliation:day": (GET, "past_day", INSURANCE_READERS),
    "reconciliation:day_fragment": (GET, "past_day", INSURANCE_READERS),
    "reconciliation:compare": (POST, "past_day", INSURANCE_OFFICE),
    "screening:rules": (GET, "", INSURANCE_READERS),
    "screening:rule": (GET, "no_rule", PRICE_OFFICE_ACT),
    "screening:change": (GET, "no_rule", INSURANCE_OFFICE),
    "screening:switch": (POST, "no_rule", INSURANCE_OFFICE),
    "screening:on_day": (GET, "", INSURANCE_READERS),
    "screening:import": (GET, "no_rule", INSURANCE_OFFICE),
    "screening:decide": (POST, "no_change", INSURANCE_OFFICE),
    "screening:imported": (GET, "no_import", INSURANCE_OFFICE),
    "screening:faults": (GET, "no_import", INSURANCE_OFFICE),
    "screening:take": (POST, "no_import", INSURANCE_OFFICE),
    "screening:findings": (GET, "", INSURANCE_READERS),
    "screening:findings_export": (GET, "form", INSURANCE_READERS),
    "screening:screening": (GET, "no_screening", PRICE_OFFICE_ACT),
    "registry:me": (GET, "", SIGNED_IN),
    "registry:real_name": (GET, "", (302, 302, 302, 403, 403, 403, 403)),  # they are confirmed and go on
    "registry:verification": (GET, "verification", PATIENTS_OWN),
    "registry:family_add": (GET, "", PATIENTS),
    "registry:family_remove": (GET, "person", PATIENTS_OWN),
    "registry:coverage": (GET, "person", PATIENTS_OWN),
    "accounts:sign_in": (GET, "", (200, *(302,) * 6)),
    "accounts:code": (GET, "", (302,) * 7),  # no code was asked for
    "accounts:resend": (POST, "", (302,) * 7),
    "accounts:staff_sign_in": (GET, "", (200, *(302,) * 6)),
    "accounts:sign_out": (POST, "", (302,) * 7),
    "accounts:ping": (GET, "", (401, *(204,) * 6)),
}

# Nobody is signed in after it.
LAST = {"accounts:sign_out"}

# Whoever calls signs what it sends; no role opens it.
NOT_FOR_PEOPLE = {"payments:wechat_notification", "payments:alipay_notification", "insurance:mobile_notice"}


@dataclass(frozen=True)
class World:
    """The people of the table, and values of the arguments."""

    people: dict[str, User | None]
    values: dict[str, Any]

    def address(self, name: str, arguments: str) -> str:
        """Where a page of the table is."""
        return reverse(name, kwargs=dict(self.values[argument] for argument in arguments.split()))


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> World:
    """One patient with a visit under way, one that she is preparing, a paper, a prescription and its bill."""
    settings.MEDIA_ROOT = tmp_path
    now, doctor = clock.now(), another_doctor()
    user, patient = visits.patient_user()
    begun = visits.visit(doctor, patient, state=RevisitState.IN_PROGRESS, at=now)
    preparing = visits.visit(another_doctor(), patient, state=RevisitState.PREPARING, at=now)
    at_visit = prescribing.visit(at=now, patient_user=user, patient=patient, practitioner=doctor)
    reviewer = prescribing.pharmacist()
    prescription = prescribing.passed(prescribing.signed(at_visit, at=now), by=reviewer, at=now)
    assert prescription.bill is not None
    paper = ProofFile.objects.create(
        encounter=begun.encounter, file=ContentFile(picture(), "a.jpg"), original_name="a.jpg", extension="jpg",
        content_type="image/jpeg", size=1, sha256="0" * 64, uploaded_by=user, uploaded_at=now,
    )  # fmt: skip
    question = VerificationRequest(
        number="RN1", user=user, relation="child", name="李小明", requested_at=now + timedelta(seconds=1)
    )
    question.set_id_number("330106201809019939")
    question.save()
    people = {
        "nobody": None, "patient": user, "stranger": visits.patient_user()[0], "doctor": doctor.user,
        "colleague": another_doctor().user, "pharmacist": reviewer.user, "administrator": administrator(),
    }  # fmt: skip
    values = {
        "visit": ("number", begun.encounter.number), "preparing": ("number", preparing.encounter.number),
        "no_visit": ("number", "V0"), "message": ("message_number", 99), "practitioner": ("practitioner_id", doctor.pk),
        "file": ("file_id", paper.pk), "prescription": ("number", prescription.number), "no_prescription": ("number", "P0"),
        "encounter": ("encounter", begun.encounter.number), "no_encounter": ("encounter", "V0"), "line": ("line", 1),
        "no_circulation_message": ("message_id", 0), "no_report": ("report_id", 0),
        "bill": ("number", prescription.bill.number), "code": ("code", prescription.bill.lines.get().item_code),
        "agreement": ("agreement_id", Agreement.objects.filter(institution=doctor.institution)[0].pk),
        "no_claim": ("batch_number", "C0"), "no_message": ("msgid", "M0"),
        "no_difference": ("difference_id", 0), "past_day": ("text", "2026-11-20"),
        "no_agreement": ("agreement_id", 0), "no_document": ("document_id", 0),
        "no_voucher": ("business_number", "H0"),
        "no_receipt": ("number", "R0"), "document": ("kind", "receipt"), "no_verification": ("code", "X"),
        "no_institution": ("institution_id", 0), "month": ("month", "2026-11"), "no_payout": ("number", "Z0"),
        "no_bill": ("bill_number", "B0"), "no_refund": ("number", "F0"),
        "channel": ("channel", "alipay"), "no_incident": ("incident_id", 0),
        "no_rule": ("number", "SR-0"), "no_change": ("change_id", 0), "no_import": ("import_id", 0),
        "no_screening": ("screening_id", 0),
        "verification": ("number", question.number), "person": ("patient_id", patient.pk),
    }  # fmt: skip
    values |= _price_office(people["administrator"])
    return World(people, values)


def _price_office(clerk: User) -> dict[str, Any]:
    """A draft with one row, and a table of prices that was read for it."""
    draft = revisions.draft(by=clerk)
    (row,) = revisions.put(draft, revisions.row(), by=clerk)
    found = revising.receive_import(
        revision_id=draft.pk, file_name="a.csv", content=b"", by=clerk, at=revisions.AT
    )
    return {
        "revision": ("number", draft.number), "no_revision": ("number", "TJ0"), "row": ("row_id", row.pk),
        "corrected": ("line_id", 0), "owed": ("payback_id", 0),
        "priced": ("code", row.item.code), "form": ("form", "csv"), "file_of_prices": ("import_id", found.pk),
    }  # fmt: skip


def test_every_role_gets_what_the_table_says(world: World) -> None:
    differences = []
    browsers = {person: _signed_in(user) for person, user in world.people.items()}
    for name in sorted(TABLE, key=LAST.__contains__):
        method, arguments, expected = TABLE[name]
        address = world.address(name, arguments)
        for person, status in zip(PEOPLE, expected, strict=True):
            got = browsers[person].generic(method, address).status_code
            if got != status:
                differences.append(f"{name} for {person}: {got}, not {status}")

    assert differences == []


def _signed_in(user: User | None) -> Client:
    browser = Client()
    if user is not None:
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_a_person_is_of_the_role_she_stands_for(world: World) -> None:
    roles = {name: user.roles for name, user in world.people.items() if user}

    assert roles == {
        "patient": [Role.PATIENT], "stranger": [Role.PATIENT], "doctor": [Role.DOCTOR], "colleague": [Role.DOCTOR],
        "pharmacist": [Role.PHARMACIST], "administrator": [Role.ADMINISTRATOR],
    }  # fmt: skip


def test_the_table_holds_every_named_page_and_no_other() -> None:
    assert set(_named(get_resolver(), "")) == set(TABLE) | NOT_FOR_PEOPLE


def _named(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _named(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern) and namespace in settings.OWN_APPS:
            yield f"{namespace}:{entry.name}"
