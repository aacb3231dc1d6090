"""What a check of the tariffs found."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.translation import override

from kernel.errors import Text
from kernel.period import Period


class FindingKind(StrEnum):
    """What is not in order, or worth knowing."""

    GAP = "gap"
    """Between two prices of one scope there are days without one."""
    OVERLAP = "overlap"
    """Two prices of one scope hold on one day."""
    SOURCE_MISSING = "source_missing"
    """A real document does not say where it was found."""
    REVISIT_UNEQUAL = "revisit_unequal"
    """An online re-diagnosis does not cost what the ordinary outpatient visit costs."""
    BANDS = "bands"
    """Bands overlap, leave a gap or are out of order."""
    ITEM = "item"
    """A surcharge, extension or reduction without a main item; a price that the item may not have."""
    BEYOND_LIMIT = "beyond_limit"
    """An institution's own price is outside what the regulator allows."""
    TRIAL_EXPIRED = "trial_expired"
    """A trial price has ended, and no price follows."""
    NO_PRICE = "no_price"
    """No document sets a price of the item."""


class Severity(StrEnum):
    """What follows from a finding."""

    WRONG = "wrong"
    """To be mended."""
    NOTICE = "notice"
    """To be looked at."""
    INFORMATION = "information"
    """Nothing has to be done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found; the texts are final, in both languages."""

    kind: FindingKind
    severity: Severity
    item_code: str
    """Empty where it is about a document."""
    region_code: str
    text: str
    """Chinese."""
    text_en: str
    days: Period | None = None
    """Over which days, where it is about some; half-open."""


def finding(
    kind: FindingKind,
    severity: Severity,
    message: Text,
    *,
    item_code: str = "",
    region_code: str,
    days: Period | None = None,
) -> Finding:
    """A finding whose texts are both in the language that is active now; see ``in_both_languages``."""
    text = str(message)
    return Finding(kind, severity, item_code, region_code, text, text, days)


def in_both_languages(find: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds, said in Chinese and in English: it is asked once in each."""
    # A message with values in it is a sentence of one language as soon as it is made.
    with override("zh-hans"):
        chinese = list(find())
    with override("en"):
        english = list(find())
    for found, same in zip(chinese, english, strict=True):
        yield replace(found, text_en=same.text)
