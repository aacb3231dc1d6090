"""What the office may record of an agreement: IN-12 to IN-18."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from insurance.rules.agreements import Pause
from kernel.errors import Violation

_OURS = "ours"
_THROUGH = "医保发〔2020〕45号（据 2020-11-04 报道）：经依托的实体定点医疗机构签订补充协议"
_PAPER = "ours: what is called signed is on file"


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What is applied for."""

    institution: int
    pooling_area: str
    services: frozenset[str]
    from_on: date
    until_on: date | None
    is_supplement: bool
    main: tuple[int, str] | None
    """Institution and pooling area of the agreement that is supplemented."""
    number_is_taken: bool


def application_violations(asked: ApplicationFacts) -> list[Violation]:
    """Every reason why it cannot be applied for as it is written."""
    found = [*_number(asked), *_services(asked), *_main(asked)]
    return found + _period(asked.from_on, asked.until_on, "valid_until")


def _number(asked: ApplicationFacts) -> list[Violation]:
    """IN-12: a number names one agreement."""
    if not asked.number_is_taken:
        return []
    text = _("An agreement with this number is recorded already.")
    return [Violation("IN-12", text, _("Open it from the list."), field="number", source=_OURS)]


def _services(asked: ApplicationFacts) -> list[Violation]:
    """IN-12: an agreement names the services it covers."""
    if asked.services:
        return []
    return [Violation("IN-12", _("Choose at least one service."), field="services", source=_OURS)]


def _main(asked: ApplicationFacts) -> list[Violation]:
    """IN-13: a supplement is signed through the physical hospital, in the pooling area of its own agreement."""
    if not asked.is_supplement:
        return []
    if asked.main is None:
        text = _("A supplementary agreement names the agreement it supplements.")
        return [Violation("IN-13", text, field="main", source=_THROUGH)]
    if asked.main == (asked.institution, asked.pooling_area):
        return []
    text = _("The agreement it supplements is of another hospital or another pooling area.")
    return [Violation("IN-13", text, field="main", source=_THROUGH)]


def _period(from_on: date, until_on: date | None, field: str) -> list[Violation]:
    """IN-14: a period ends after it begins."""
    if until_on is None or until_on > from_on:
        return []
    return [Violation("IN-14", _("The last day lies after the first."), field=field, source=_OURS)]


def signing_violations(*, signed_on: date, today: date, has_document: bool) -> list[Violation]:
    """Every reason why it cannot be recorded as signed."""
    found = []
    if signed_on > today:
        found.append(
            Violation("IN-15", _("The day of signing is in the future."), field="signed_on", source=_OURS)
        )
    if not has_document:
        text = _("The signed agreement is not on file.")
        way = _("Add it under Papers, then record the signing.")
        found.append(Violation("IN-15", text, way, source=_PAPER))
    return found


def suspension_violations(
    pause: Pause, *, from_on: date, over_on: date | None, earlier: Sequence[Pause]
) -> list[Violation]:
    """IN-16: a suspension has a reason and days, inside those of the agreement and of no other suspension.

    ``from_on`` and ``over_on`` are the agreement's.
    """
    found = _period(pause.from_on, pause.until_on, "until_on")
    if not pause.reason.strip():
        found.append(Violation("IN-16", _("Give the reason of the agency."), field="reason", source=_OURS))
    if pause.from_on < from_on or (over_on is not None and pause.from_on >= over_on):
        text = _("The agreement is not in force on that day.")
        found.append(Violation("IN-16", text, field="from_on", source=_OURS))
    if any(_meet(pause, other) for other in earlier):
        text = _("Another suspension covers some of these days.")
        found.append(Violation("IN-16", text, field="from_on", source=_OURS))
    return found


def _meet(one: Pause, other: Pause) -> bool:
    begins_before = other.until_on is None or one.from_on < other.until_on
    return begins_before and (one.until_on is None or other.from_on < one.until_on)


def resumption_violations(on: date, *, suspended_from: date) -> list[Violation]:
    """IN-17: an agreement counts again from the first day of its suspension on, or later."""
    if on >= suspended_from:
        return []
    text = _("That day lies before the suspension.")
    return [Violation("IN-17", text, field="resumed_on", source=_OURS)]


def ending_violations(
    *, ended_on: date, reason: str, from_on: date, until_on: date | None
) -> list[Violation]:
    """IN-18: an agreement ends on a day of its own, for a reason."""
    found = []
    if not reason.strip():
        found.append(Violation("IN-18", _("Give the reason why it ends."), field="reason", source=_OURS))
    if ended_on < from_on or (until_on is not None and ended_on > until_on):
        text = _("The agreement is not in force on that day.")
        found.append(Violation("IN-18", text, field="ended_on", source=_OURS))
    return found
