"""What prescriptions refuse, in words; broken rules become violations in the reader's language."""

from collections.abc import Iterable

from django.utils.functional import Promise, lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError, Violation
from prescriptions.rules.findings import RuleFinding, Words


class PrescriptionRefused(DomainError):
    """Rules are broken; ``violations`` names every one."""

    code = "prescription_refused"
    default_message = _("The prescription cannot be signed yet.")


class ReviewRefused(DomainError):
    """This pharmacist may not decide, or not so."""

    code = "review_refused"
    default_message = _("This decision is not possible.")


class AlreadySigned(DomainError):
    """The prescription is signed; what is signed never changes."""

    code = "prescription_signed"
    default_message = _("The prescription is already signed. Wait for the pharmacist, or cancel it.")


class AlreadyDecided(DomainError):
    """Another pharmacist was faster."""

    code = "already_decided"
    default_message = _("This prescription has already been decided. The page shows how.")


class NotDispensable(DomainError):
    """It is not paid, or its money is going back."""

    code = "not_dispensable"
    default_message = _("Nothing may be handed out for this prescription now.")


class PacksRefused(DomainError):
    """What came back cannot be noted so."""

    code = "packs_refused"
    default_message = _("This cannot be noted as returned.")


class CirculationRefused(DomainError):
    """The e-prescription centre's part of a prescription does not allow this now."""

    code = "circulation_refused"
    default_message = _("This is not possible for the prescription at the e-prescription centre now.")


def in_words(words: Words) -> str:
    """The text in the reader's language."""
    return words.zh if (get_language() or "zh").startswith("zh") else words.en


def _later(words: Words) -> Promise:
    """The text in the language of whoever reads it in the end."""
    return lazystr(_Spoken(words))


class _Spoken:
    """Words that choose their language when they are read."""

    def __init__(self, words: Words) -> None:
        """Keep both."""
        self.words = words

    def __str__(self) -> str:
        """In the reader's language."""
        return in_words(self.words)


def violations_of(findings: Iterable[RuleFinding]) -> list[Violation]:
    """Findings as violations; the field is the finding's own, or ``line-<number>`` of its first line."""
    return [
        Violation(
            rule=finding.rule,
            message=_later(finding.message),
            way_on=_later(finding.way_on),
            field=finding.field or (f"line-{finding.lines[0]}" if finding.lines else ""),
            source=in_words(finding.basis.source),
        )
        for finding in findings
    ]


def refuse(findings: Iterable[RuleFinding], error: type[DomainError] = PrescriptionRefused) -> None:
    """Raise ``error`` with every finding when there is one."""
    found = violations_of(findings)
    if found:
        raise error(violations=found)
