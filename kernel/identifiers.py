"""Identity card numbers, mobile numbers and ages."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ID_WITHIN = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE_WITHIN = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")


class Gender(StrEnum):
    """Sex as on the identity card (GB/T 2261.1: 1 male, 2 female)."""

    MALE = "1"
    FEMALE = "2"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A resident identity card number whose form, date and check character are right."""

    value: str

    @property
    def born_on(self) -> date:
        """Date of birth in the number."""
        return date(int(self.value[6:10]), int(self.value[10:12]), int(self.value[12:14]))

    @property
    def gender(self) -> Gender:
        """Odd sequence numbers are male, even ones female."""
        return Gender.MALE if int(self.value[16]) % 2 else Gender.FEMALE


def id_check_character(first_17: str) -> str:
    """Check character of the first 17 digits (ISO 7064 MOD 11-2, GB 11643-1999)."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def parse_id_number(text: str) -> IdNumber | None:
    """The number without spaces, or None when form, date or check character is wrong.

    Source: GB 11643-1999 (18 characters, last one ISO 7064 MOD 11-2).
    """
    value = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[1-9]\d{16}[0-9X]", value) or id_check_character(value[:17]) != value[17]:
        return None
    number = IdNumber(value)
    try:
        number.born_on  # noqa: B018 - a date that does not exist is a wrong number
    except ValueError:
        return None
    return number


def parse_mobile(text: str) -> str | None:
    """The 11 digits of a mainland mobile number, or None."""
    digits = re.sub(r"[\s-]", "", text).removeprefix("+86")
    return digits if _MOBILE.fullmatch(digits) else None


def age_on(born_on: date, day: date) -> int:
    """Age in whole years on a day; a 29 February birthday is kept on 1 March in common years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def new_number(prefix: str, at: datetime) -> str:
    """A number for people to read out: prefix, day in Asia/Shanghai, eight random digits; at most 20 characters."""
    return f"{prefix}{at.astimezone(_SHANGHAI):%y%m%d}{secrets.randbelow(10**8):08d}"


def masked_name(name: str) -> str:
    """One star for the second character: 张*, 张*三."""
    return f"{name[0]}*{name[2:]}" if len(name) > 1 else name


def masked_mobile(mobile: str) -> str:
    """First three and last four digits: 138****0001; empty stays empty."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile else ""


def masked_id_number(id_number: str) -> str:
    """First three and last four characters: 330***********9829; empty stays empty."""
    return f"{id_number[:3]}***********{id_number[-4:]}" if id_number else ""


def veiled(text: str, *names: str) -> str:
    """Text that others wrote, fit for a column in the clear: identity cards, mobile numbers and these names masked.

    Longer numbers, such as those of messages and settlements, stay whole; so does what is no identity card number by
    its date and check character.
    """
    text = _ID_WITHIN.sub(lambda found: _masked_if_id(found[0]), text)
    text = _MOBILE_WITHIN.sub(lambda found: masked_mobile(found[0]), text)
    for name in names:
        if len(name) > 1:
            text = text.replace(name, masked_name(name))
    return text


def _masked_if_id(number: str) -> str:
    return masked_id_number(number) if parse_id_number(number) else number


def grouped_mobile(mobile: str) -> str:
    """The number as people read it: 138 0000 0001."""
    return f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}" if len(mobile) == 11 else mobile
