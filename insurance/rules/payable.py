"""What the medical insurance of a pooling area pays for: IN-07 to IN-09."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kernel.errors import Text, Violation

CHRONIC_CATEGORIES = {
    **dict.fromkeys(("I10", "I11", "I12", "I13", "I15"), "M03900"),
    **dict.fromkeys(("E10", "E11", "E12", "E13", "E14"), "M01600"),
}
"""ICD-10 category -> code of the chronic disease (门诊慢特病) for which a patient may be filed.

The two codes (高血压 M03900, 糖尿病 M01600) are seen in replies of 5301; which ICD-10 categories belong to them is
general knowledge, and a pooling area may say otherwise.
"""
_UNSAID = "ours: what no rule calls payable is not brought before the insurance"


@dataclass(frozen=True, slots=True)
class PayableFacts:
    """One rule; ``pooling_area`` is the beginning of a code of GB/T 2260, empty for the whole country."""

    key: int
    pooling_area: str
    service: str
    is_payable: bool
    needs_prescription: bool
    chronic_only: bool
    from_on: date
    until_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is to be paid for."""

    service: str
    service_name: Text
    has_prescription: bool
    is_chronic: bool


def is_chronic(category: str) -> bool:
    """Whether a disease is one for which chronic benefits exist; ``category`` is of ICD-10, e.g. ``I10``."""
    return category in CHRONIC_CATEGORIES


def rule_for(rules: Iterable[PayableFacts], *, service: str, area: str, on: date) -> PayableFacts | None:
    """The rule that decides in an area on a day: the longest beginning of its code, then the latest first day."""
    fitting = [
        rule
        for rule in rules
        if rule.service == service
        and area.startswith(rule.pooling_area)
        and rule.from_on <= on
        and (rule.until_on is None or on < rule.until_on)
    ]
    return max(fitting, key=lambda rule: (len(rule.pooling_area), rule.from_on), default=None)


def payable_violation(rule: PayableFacts | None, asked: ServiceFacts, *, way: Text) -> Violation | None:
    """Why the insurance of the area does not pay for it; None when it does."""
    if rule is None or not rule.is_payable:
        return _not_payable(rule, asked, way)
    return _without_prescription(rule, asked, way) or _not_chronic(rule, asked, way)


def _not_payable(rule: PayableFacts | None, asked: ServiceFacts, way: Text) -> Violation:
    """IN-07: the insurance pays for a service only where a rule of its pooling area says so."""
    text = _("The medical insurance here does not pay for this service: %(service)s.")
    source = rule.source if rule else _UNSAID
    return Violation("IN-07", text % {"service": asked.service_name}, way, source=source)


def _without_prescription(rule: PayableFacts, asked: ServiceFacts, way: Text) -> Violation | None:
    """IN-08: where the rule asks for it, the insurance pays only when the re-diagnosis led to a prescription."""
    if asked.has_prescription or not rule.needs_prescription:
        return None
    text = _("The medical insurance pays for this only when the doctor has prescribed: %(service)s.")
    return Violation("IN-08", text % {"service": asked.service_name}, way, source=rule.source)


def _not_chronic(rule: PayableFacts, asked: ServiceFacts, way: Text) -> Violation | None:
    """IN-09: where the rule asks for it, the insurance pays only for chronic and special diseases."""
    if asked.is_chronic or not rule.chronic_only:
        return None
    text = _("The medical insurance here pays for this only with a chronic or special disease: %(service)s.")
    return Violation("IN-09", text % {"service": asked.service_name}, way, source=rule.source)
