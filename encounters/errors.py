"""What encounters refuse, in words."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class EncounterFixed(DomainError):
    """The visit has begun or ended; what she stated stays as it was."""

    code = "encounter_fixed"
    default_message = _("The visit has begun; what you stated cannot be changed any more. Tell the doctor.")


class ConsentRefused(DomainError):
    """This signature does not count."""

    code = "consent_refused"
    default_message = _("The consent could not be signed.")


class NotBegun(DomainError):
    """The visit has not begun, or was called off."""

    code = "encounter_not_begun"
    default_message = _("The record is written after the visit has begun.")


class AlreadySigned(DomainError):
    """The record is signed; what is signed never changes."""

    code = "record_signed"
    default_message = _("The record is signed and cannot be changed any more.")


class RecordIncomplete(DomainError):
    """Something a signed record must hold is missing; ``violations`` names all of it."""

    code = "record_incomplete"
    default_message = _("The record cannot be signed yet.")
