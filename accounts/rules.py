"""Rules of signing in. Numbers of seconds, tries and messages are ours unless a source is named."""

import re
import unicodedata
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from kernel.errors import Violation
from kernel.identifiers import parse_mobile

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = 60  # seconds
CODES_A_DAY = 10
CODES_PER_ADDRESS_AND_HOUR = 30
TRIES_PER_ADDRESS_AND_HOUR = 60
DAY = 24 * 3600  # seconds
HOUR = 3600  # seconds


def plain_digits(text: str) -> str:
    """Typed or pasted digits without spaces, dashes, the country code and full-width forms."""
    plain = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    return plain.removeprefix("+86")


def mobile_violations(text: str) -> list[Violation]:
    """A mobile number has 11 digits and begins with 1.

    Source: numbering plan of the Ministry of Industry and Information Technology (2017 edition): mobile
    numbers begin with 13 to 19.
    """
    digits = plain_digits(text)
    if not digits:
        return [_mobile(_("Enter your mobile number."))]
    if not digits.isdigit():
        return [_mobile(_("A mobile number has only digits."))]
    if len(digits) != 11:
        words = _("A mobile number has 11 digits; this one has %(count)s. Please check it.")
        return [_mobile(words % {"count": len(digits)})]
    if parse_mobile(digits) is None:
        return [_mobile(_("A mobile number begins with 13 to 19. Please check the first digits."))]
    return []


def _mobile(message: str) -> Violation:
    return Violation("A-01", message, field="mobile")


def code_form_violations(text: str) -> list[Violation]:
    """A code has six digits."""
    digits = plain_digits(text)
    if not digits:
        return [_code(_("Enter the code from the text message."))]
    if len(digits) != CODE_DIGITS or not digits.isdigit():
        return [_code(_("The code has 6 digits. Please look at the text message again."))]
    return []


def code_standing_violations(
    *, expires_at: datetime, tries: int, is_used: bool, at: datetime
) -> list[Violation]:
    """A code serves once, for five minutes and five tries.

    Source: ours; clinical rules S-10 and S-23 ask for limits without naming these numbers.
    """
    if is_used:
        return [_code(_("This code has been used already. Ask for a new one."))]
    if tries >= CODE_TRIES:
        return [_tried_out()]
    if at >= expires_at:
        return [_code(_("This code was valid for 5 minutes and has ended. Ask for a new one."))]
    return []


def wrong_code(tries: int) -> list[Violation]:
    """What to say after the ``tries``-th wrong code."""
    left = CODE_TRIES - tries
    if left <= 0:
        return [_tried_out()]
    words = _("This is not the code we sent. You can try %(left)s more times.")
    return [_code(words % {"left": left})]


def _tried_out() -> Violation:
    return _code(_("The code was wrong five times, so it does not count any more. Ask for a new one."))


def no_code() -> list[Violation]:
    """Nothing was sent to this number."""
    return [_code(_("We have not sent a code to this number. Ask for one first."))]


def _code(message: str) -> Violation:
    return Violation("A-02", message, field="code")
