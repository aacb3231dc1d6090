"""Rules of who is who: identity numbers, who may act for whom, what insurance may be stated."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kernel.errors import Violation
from kernel.identifiers import age_on, id_check_character

ID_LENGTH = 18
OLDEST = 130  # years
OWN_ACCOUNT_FROM = 14  # years
ADULT_FROM = 18  # years
VERIFICATIONS_A_DAY = 10
FAMILY_AT_MOST = 8

_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]+(?:[·•][\u3400-\u9fff\U00020000-\U000323af]+)*")


def plain_id_number(text: str) -> str:
    """A typed or pasted number without spaces, dashes and full-width forms; x becomes X."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def plain_name(text: str) -> str:
    """A typed name without spaces; any middle dot becomes the one of the identity card."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("•", "·").replace("・", "·")


def name_violations(text: str) -> list[Violation]:
    """A name is written as on the identity card: two to thirty Chinese characters.

    Source: C-02 (2022 rules of Internet diagnosis): the real name is verified before care.
    """
    name = plain_name(text)
    if not name:
        return [Violation("R-01", _("Enter the name as on the identity card."), field="name")]
    if not 2 <= len(name) <= 30 or not _NAME.fullmatch(name):
        words = _("Write the name in Chinese characters, exactly as on the identity card.")
        return [Violation("R-01", words, field="name")]
    return []


def id_number_violations(text: str, *, on: date) -> list[Violation]:
    """An identity number has 18 characters, a date of birth that exists, and the right last character.

    The first thing that is wrong is named, so that the person knows where to look.

    Source: GB 11643-1999.
    """
    message = _wrong_form(plain_id_number(text)) or _wrong_date(plain_id_number(text), on)
    message = message or _wrong_check(plain_id_number(text))
    return [Violation("R-02", message, field="id_number", source="GB 11643-1999")] if message else []


def _wrong_form(number: str) -> str:
    if not number:
        return _("Enter the identity number.")
    if len(number) != ID_LENGTH:
        return _("An identity number has 18 characters; this one has %(count)s.") % {"count": len(number)}
    if not re.fullmatch(r"[1-9]\d{16}[0-9X]", number, re.ASCII):
        return _("An identity number has only digits; just the last character may be an X.")
    return ""


def _wrong_date(number: str, on: date) -> str:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        born_on = None
    if born_on is None or born_on > on or age_on(born_on, on) > OLDEST:
        words = _(
            "The date of birth in it, %(year)s-%(month)s-%(day)s, cannot be right. Check the 7th to 14th digit."
        )
        return words % {"year": number[6:10], "month": number[10:12], "day": number[12:14]}
    return ""


def _wrong_check(number: str) -> str:
    if id_check_character(number[:17]) != number[17]:
        return _(
            "The last character does not fit the others. Please compare the whole number with the card again."
        )
    return ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to be added, as facts; the identity number has passed R-02."""

    born_on: date
    is_self: bool
    has_mobile: bool


def newcomer_violations(person: Newcomer, *, on: date) -> list[Violation]:
    """Children under 14 have no account of their own; adults of the family have a mobile number.

    Source: Personal Information Protection Law, art. 31 (consent of the guardian under 14); the mobile
    number of adults is ours: the doctor calls the patient, not her relative.
    """
    age = age_on(person.born_on, on)
    if person.is_self and age < OWN_ACCOUNT_FROM:
        words = _(
            "Children under 14 are added by a parent: let a parent sign up and add the child as family."
        )
        return [Violation("R-03", words, field="id_number", source="PIPL art. 31")]
    if not person.is_self and age >= ADULT_FROM and not person.has_mobile:
        words = _("Enter the mobile number of this person. Only a child may be without one.")
        return [Violation("R-04", words, field="mobile")]
    return []


def number_of_requests_violations(today: int) -> list[Violation]:
    """Ten verifications a day for one account.

    Source: ours; more would let somebody try out whose number belongs to whom.
    """
    if today >= VERIFICATIONS_A_DAY:
        words = _("You have tried ten times today. Please try again tomorrow, or call the hospital.")
        return [Violation("R-05", words)]
    return []


def family_size_violations(family: int) -> list[Violation]:
    """At most eight family members for one account.

    Source: ours; nobody should manage the records of a crowd.
    """
    if family >= FAMILY_AT_MOST:
        words = _("You can act for at most 8 family members. Remove one first, or call the hospital.")
        return [Violation("R-06", words)]
    return []


def taken_violations(*, phone: str) -> list[Violation]:
    """A person belongs to one account.

    Source: C-02: nobody may act as another person; whoever knows a name and a number does not thereby
    see the records.
    """
    words = _("This identity number is already registered with another account, so we cannot add it here.")
    on = _("Sign in with the other number, or call the hospital: %(phone)s. Have the identity card ready.")
    return [Violation("R-07", words, way_on=on % {"phone": phone}, field="id_number")]


def self_first_violations() -> list[Violation]:
    """Whoever acts for a family member has shown who she is herself.

    Source: C-02, C-01 (the guardian signs).
    """
    words = _("Confirm your own name first, then add your family.")
    return [Violation("R-08", words)]


def still_confirming_violations(masked: str) -> list[Violation]:
    """One question at a time about an identity number.

    Source: ours; an answer on its way must belong to the name it was asked for.
    """
    words = _("We are still confirming this number with the name %(name)s. Please wait for the answer.")
    return [Violation("R-09", words % {"name": masked}, field="name")]


def mismatch_violations() -> list[Violation]:
    """Name and number belong together in the register.

    Source: C-02.
    """
    words = _("This name and this identity number do not belong together. Compare both with the card.")
    return [Violation("R-13", words, field="name", source="C-02")]


def not_found_violations(*, phone: str) -> list[Violation]:
    """The register knows the number.

    Source: C-02.
    """
    words = _("The register does not know this identity number. Compare it with the card.")
    on = _("If it is right call the hospital: %(phone)s.")
    return [Violation("R-14", words, way_on=on % {"phone": phone}, field="id_number", source="C-02")]


def already_verified_violations(*, phone: str) -> list[Violation]:
    """A verified name is changed by the hospital, not by the person.

    Source: C-02.
    """
    words = _("Your name is confirmed already.")
    on = _("To correct it call the hospital: %(phone)s.")
    return [Violation("R-10", words, way_on=on % {"phone": phone})]


def own_right_violations() -> list[Violation]:
    """Nobody removes herself.

    Source: ours; the account would keep records that nobody may read.
    """
    return [Violation("R-11", _("You cannot remove yourself. To close the account call the hospital."))]


def coverage_violations(*, is_known_type: bool, is_known_region: bool) -> list[Violation]:
    """A stated insurance names its kind and the place where she is insured.

    Source: national insurance interface, insutype and insuplc_admdvs of transaction 1101.
    """
    found = []
    if not is_known_type:
        found.append(
            Violation("R-12", _("Choose your insurance, or that you pay yourself."), field="insurance_type")
        )
    if not is_known_region:
        found.append(Violation("R-12", _("Choose where you are insured."), field="insured_region"))
    return found
