"""Whether an agreement with the medical insurance counts on a day, and what its papers must say: IN-01 to IN-06."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from insurance.states import AgreementState
from kernel.errors import Text, Violation
from kernel.presentation import iso

NOT_AN_AGREEMENT = (AgreementState.APPLIED, AgreementState.REFUSED)
"""States in which nothing was signed."""
_SUPPLEMENT = (
    "医保发〔2020〕45号（据 2020-11-04 报道）：互联网医院经其依托的实体定点医疗机构申请并签订补充协议"
)
_PERIOD = "the days written in the agreement"
_PAUSE = "青海省定点零售药店服务协议（2025版）第二十三条：中止期间不得结算；ours: taken over for hospitals"
_MAIN = "ours: a supplement rests on the agreement that it supplements"


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which an agreement does not count, ``[from_on, until_on)``; None has no end yet."""

    from_on: date
    until_on: date | None
    reason: str

    def covers(self, on: date) -> bool:
        """Whether it stops the agreement on a day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """One agreement; ``over_on`` is the first day on which it does not hold any more, None without an end."""

    key: int
    number: str
    state: str
    pooling_area: str
    services: frozenset[str]
    from_on: date
    over_on: date | None
    pauses: tuple[Pause, ...] = ()
    main: "AgreementFacts | None" = None


def pause_on(agreement: AgreementFacts, on: date) -> Pause | None:
    """The suspension that stops it on a day."""
    return next((pause for pause in agreement.pauses if pause.covers(on)), None)


def is_in_force(agreement: AgreementFacts, on: date) -> bool:
    """Whether it counts on a day: signed, within its days, not suspended, and so is its main agreement."""
    if agreement.state in NOT_AN_AGREEMENT or on < agreement.from_on:
        return False
    if agreement.over_on is not None and on >= agreement.over_on:
        return False
    if pause_on(agreement, on) is not None:
        return False
    return agreement.main is None or is_in_force(agreement.main, on)


def agreement_for(
    agreements: Sequence[AgreementFacts], *, service: str, areas: Sequence[str], on: date
) -> AgreementFacts | None:
    """The agreement that speaks about a service on a day, whether it allows it or not; None without any.

    One in force that covers the service comes first, then the one nearest to it; ``areas`` are pooling areas in the
    order of preference.
    """

    def distance(agreement: AgreementFacts) -> tuple[bool, bool, bool, int]:
        area = areas.index(agreement.pooling_area) if agreement.pooling_area in areas else len(areas)
        is_paper = agreement.state in NOT_AN_AGREEMENT
        return (not is_in_force(agreement, on), service not in agreement.services, is_paper, area)

    return min(agreements, key=distance, default=None)


def agreement_violation(
    agreement: AgreementFacts | None, *, service: str, service_name: Text, on: date, way: Text
) -> Violation | None:
    """Why a service cannot be brought before the insurance on a day, for want of an agreement; None when it can."""
    if agreement is None:
        return _none_at_all(service_name, way)
    return (
        _unsigned(agreement, way)
        or _outside(agreement, on, way)
        or _paused(agreement, on, way)
        or _without_main(agreement, on, way)
        or _other_services(agreement, service, service_name, way)
    )


def _none_at_all(service_name: Text, way: Text) -> Violation:
    """IN-01: an Internet hospital settles under a supplementary agreement, signed through its physical hospital."""
    text = _("This hospital has no agreement with the medical insurance for this service: %(service)s.")
    return Violation("IN-01", text % {"service": service_name}, way, source=_SUPPLEMENT)


def _unsigned(agreement: AgreementFacts, way: Text) -> Violation | None:
    """IN-02: an agreement that is applied for is none yet."""
    if agreement.state not in NOT_AN_AGREEMENT:
        return None
    text = _("The hospital's agreement with the medical insurance for online services is not signed.")
    return Violation("IN-02", text, way, source=_SUPPLEMENT)


def _outside(agreement: AgreementFacts, on: date, way: Text) -> Violation | None:
    """IN-03: an agreement counts on the days that it names; the last of them is the day before it is over."""
    if on < agreement.from_on:
        text = _(
            "The hospital's agreement with the medical insurance begins on %(begin)s; the day is %(day)s."
        )
        said = text % {"begin": iso(agreement.from_on), "day": iso(on)}
        return Violation("IN-03", said, way, source=_PERIOD)
    if agreement.over_on is None or on < agreement.over_on:
        return None
    text = _("The hospital's agreement with the medical insurance is over since %(end)s; the day is %(day)s.")
    said = text % {"end": iso(agreement.over_on), "day": iso(on)}
    return Violation("IN-03", said, way, source=_PERIOD)


def _paused(agreement: AgreementFacts, on: date, way: Text) -> Violation | None:
    """IN-04: while the agency has suspended the agreement nothing is settled."""
    pause = pause_on(agreement, on)
    if pause is None:
        return None
    return Violation("IN-04", _pause_words(pause), way, source=_PAUSE)


def _pause_words(pause: Pause) -> str:
    if pause.until_on is None:
        text = _(
            "The medical insurance has suspended settlement with this hospital since %(begin)s: %(reason)s"
        )
        return text % {"begin": iso(pause.from_on), "reason": pause.reason}
    text = _(
        "The medical insurance has suspended settlement with this hospital from %(begin)s until before %(end)s: %(reason)s"
    )
    return text % {"begin": iso(pause.from_on), "end": iso(pause.until_on), "reason": pause.reason}


def _other_services(agreement: AgreementFacts, service: str, name: Text, way: Text) -> Violation | None:
    """IN-05: an agreement counts for the services that it names."""
    if service in agreement.services:
        return None
    text = _("The hospital's agreement with the medical insurance does not cover this service: %(service)s.")
    return Violation("IN-05", text % {"service": name}, way, source=_PERIOD)


def _without_main(agreement: AgreementFacts, on: date, way: Text) -> Violation | None:
    """IN-06: a supplementary agreement counts only while the agreement that it supplements does."""
    if agreement.main is None or is_in_force(agreement.main, on):
        return None
    pause = pause_on(agreement.main, on)
    if pause is not None:
        return Violation("IN-06", _pause_words(pause), way, source=_MAIN)
    text = _("The physical hospital's own agreement with the medical insurance is not in force on %(day)s.")
    return Violation("IN-06", text % {"day": iso(on)}, way, source=_MAIN)
