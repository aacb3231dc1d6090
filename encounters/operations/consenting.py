"""Informed consent, signed with the typed name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import operations as audit
from encounters.errors import ConsentRefused
from encounters.models import Consent, ConsentDocument
from encounters.operations.access import locked_for_patient
from encounters.queries import current_consent_document, encounter_for
from kernel import clock
from registry.queries import self_of
from registry.rules import plain_name


@transaction.atomic
def sign_consent(
    *,
    encounter_id: int,
    document_id: int,
    signed_name: str,
    language: str,
    ip_address: str | None,
    by: User,
    at: datetime,
) -> Consent:
    """Sign the text in force with one's own verified name; signing twice signs once (C-01).

    ``language`` is the one the text was shown in, ``zh-hans`` or ``en``.

    Raises:
        ConsentRefused: another version is in force, the name is not the signer's, or she is not verified.
        EncounterFixed: the visit has begun.
        NotFoundForYou: the encounter is not of her patients.
    """
    signed = Consent.objects.filter(encounter=encounter_for(by, encounter_id)).first()
    if signed is not None:
        return signed
    encounter = locked_for_patient(encounter_id, by)
    document = _in_force(document_id, at)
    _check_name(signed_name, by)
    consent, is_new = Consent.objects.get_or_create(
        encounter=encounter,
        defaults={
            "document": document,
            "text_hash": document.text_hash,
            "language": language,
            "signed_name": plain_name(signed_name),
            "signed_by": by,
            "signed_at": at,
            "ip_address": ip_address or None,
        },
    )
    if is_new:
        facts = {"version": document.version, "text_hash": document.text_hash, "language": language}
        audit.record("encounters.consent_signed", on=encounter, by=by, at=at, facts=facts)
    return consent


def _in_force(document_id: int, at: datetime) -> ConsentDocument:
    current = current_consent_document(clock.day_of(at))
    if current is None or current.pk != document_id:
        raise ConsentRefused(_("The text has changed meanwhile. Please read the new version and sign it."))
    return current


def _check_name(typed: str, by: User) -> None:
    signer = self_of(by)
    if signer is None:
        raise ConsentRefused(_("Before you can sign we have to know who you are."))
    if plain_name(typed) != plain_name(signer.name):
        message = _("Type your own name as on your identity card; that is the signature.")
        raise ConsentRefused(message, field="signed_name")
