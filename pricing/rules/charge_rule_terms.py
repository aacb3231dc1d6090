"""When a charging rule may be recorded, and when it may end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from kernel.period import Period
from pricing.rules.between import LONGEST_DAYS
from pricing.rules.changing import document_violations
from pricing.rules.facts import DEMONSTRATION, DocumentFact
from pricing.rules.kinds import RuleKind, Window

_OURS = "our rule: a charging rule says all that it needs, and never reaches back"
_COUNTED = (RuleKind.FREQUENCY, RuleKind.SHARED_QUOTA)
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """What a charging rule to be says."""

    kind: RuleKind
    window: Window
    window_length: int | None
    """Days or hours."""
    limit_quantity: Decimal | None
    limit_amount: Decimal | None
    """Yuan."""
    region_code: str
    period: Period
    subjects: frozenset[str]
    """Codes of items."""
    partners: frozenset[str]
    """Codes of items."""
    invented_items: frozenset[str] = frozenset()
    """Those of both that exist in the demonstration only."""


def terms_violations(terms: RuleTerms, document: DocumentFact, *, today: date) -> Iterator[Violation]:
    """Everything that forbids recording the rule."""
    yield from _item_violations(terms)
    yield from _limit_violations(terms)
    yield from _window_violations(terms)
    yield from document_violations(document, terms.region_code, terms.period.begin)
    if document.evidence_grade != DEMONSTRATION and terms.invented_items:
        message = _("A real rule does not bind items of the demonstration.")
        yield Violation("PR-13", message, field="subjects", source=_OURS)
    if terms.period.begin < today:
        message = _("A charging rule begins today at the earliest.")
        yield Violation("PR-46", message, field="begins_on", source=_OURS)


def end_violations(period: Period, *, from_on: date, today: date) -> Iterator[Violation]:
    """PR-46: a charging rule keeps what it says; only its end may be set, to a day that has not begun.

    Source: our rule: what was refused or charged by a rule can be traced to it for ever.
    """
    if from_on <= today:
        way_on = _("Choose today or a later day as the last one.")
        message = _("A charging rule ends today at the earliest: today's charges were held to it already.")
        yield Violation("PR-46", message, way_on, field="last_on", source=_OURS)
    elif from_on <= period.begin:
        message = _("The last day cannot come before the first.")
        yield Violation("PR-46", message, field="last_on", source=_OURS)
    elif period.end is not None and from_on > period.end:
        message = _("It has ended before; a rule that goes on is recorded as another one.")
        yield Violation("PR-46", message, field="last_on", source=_OURS)


def _item_violations(terms: RuleTerms) -> Iterator[Violation]:
    """PR-45: a charging rule names the items, the limit and the window that its kind needs, and nothing else.

    Source: our rule: a rule that says too little or too much would be understood in two ways.
    """
    pairs = terms.kind in {RuleKind.EXCLUSION, RuleKind.NEEDS_ANOTHER}
    if not terms.subjects:
        yield Violation("PR-45", _("Name the items that the rule binds."), field="subjects", source=_OURS)
    if terms.kind is RuleKind.NEEDS_ANOTHER and not terms.partners:
        message = _("Name the items of which one is needed.")
        yield Violation("PR-45", message, field="partners", source=_OURS)
    if terms.kind is RuleKind.EXCLUSION and len(terms.subjects | terms.partners) < 2:
        message = _("Name at least two items that exclude each other.")
        yield Violation("PR-45", message, field="partners", source=_OURS)
    if terms.partners and not pairs:
        message = _("This kind of rule has no other side; name all its items together.")
        yield Violation("PR-45", message, field="partners", source=_OURS)


def _limit_violations(terms: RuleTerms) -> Iterator[Violation]:
    """PR-45: a charging rule names the items, the limit and the window that its kind needs, and nothing else."""
    counted, costed = terms.kind in _COUNTED, terms.kind is RuleKind.DAILY_TOTAL
    if counted and (terms.limit_quantity is None or terms.limit_quantity <= 0):
        message = _("Say how many units are allowed, more than none.")
        yield Violation("PR-45", message, field="limit_quantity", source=_OURS)
    if costed and (terms.limit_amount is None or terms.limit_amount < 0):
        message = _("Say how much is allowed in yuan, zero or more.")
        yield Violation("PR-45", message, field="limit_amount", source=_OURS)
    if terms.limit_quantity is not None and not counted:
        message = _("This kind of rule counts no units.")
        yield Violation("PR-45", message, field="limit_quantity", source=_OURS)
    if terms.limit_amount is not None and not costed:
        message = _("This kind of rule counts no money.")
        yield Violation("PR-45", message, field="limit_amount", source=_OURS)


def _window_violations(terms: RuleTerms) -> Iterator[Violation]:
    """PR-45: a charging rule names the items, the limit and the window that its kind needs, and nothing else."""
    sliding = terms.window in {Window.DAYS, Window.HOURS}
    longest = LONGEST_DAYS * (_HOURS_A_DAY if terms.window is Window.HOURS else 1)
    if sliding and not 1 <= (terms.window_length or 0) <= longest:
        message = _("Say how long the window is, from 1 to %(longest)s.") % {"longest": longest}
        yield Violation("PR-45", message, field="window_length", source=_OURS)
    if not sliding and terms.window_length is not None:
        needless = _("This window has no length of its own.")
        yield Violation("PR-45", needless, field="window_length", source=_OURS)
