"""The doctor's prescription editor: a draft with everything the rules say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from encounters.models import Encounter
from kernel import live
from kernel.clock import day_of
from kernel.money import ZERO, to_yuan
from prescriptions import queries
from prescriptions.errors import in_words
from prescriptions.models import Drug, Prescription, PrescriptionLine
from prescriptions.pages.forms import LineForm, OptionsForm
from prescriptions.pages.presenters import wording
from prescriptions.rules import RULE_COUNT, Kept, is_kept, standing_in_the_way
from prescriptions.rules.dosing import plain
from prescriptions.rules.findings import RuleFinding, Severity
from prescriptions.rules.supply import FOUR_WEEKS, ORDINARY_DAYS
from prescriptions.states import ENDED, PrescriptionState
from screening.queries import last_analysis, rules_in_force
from screening.rules.kinds import Moment


@dataclass
class FindingBox:
    """A finding with its ways on."""

    key: str
    rule: str
    is_blocking: bool
    """Nobody can sign it away."""
    is_grave: bool
    is_kept: bool
    message: str
    way_on: str
    source: str
    grade: str
    lines: tuple[int, ...]
    reason: str = ""
    signs_again: bool = False
    needs_second_signature: bool = False
    reduce_to: str = ""
    """``20 mg``, empty when no smaller dose heals it."""
    swap: Drug | None = None

    @property
    def home(self) -> int:
        """Number of the line it is shown under: the one to change, 0 for the whole prescription."""
        if not self.lines:
            return 0
        return self.lines[0] if self.reduce_to or self.swap else self.lines[-1]

    @property
    def tone(self) -> str:
        """How the box looks."""
        return "danger" if (self.is_blocking or self.is_grave) and not self.is_kept else "warning"


@dataclass
class LineBox:
    """A line with its form, price and findings."""

    number: int
    drug: Drug
    form: LineForm
    spec: str
    packs: str
    amount: Decimal | None
    directions: str
    boxes: list[FindingBox] = field(default_factory=list)


@dataclass
class Editor:
    """Everything ``prescriptions/_editor.html`` shows."""

    encounter: Encounter
    prescription: Prescription | None
    is_open: bool
    """Lines can be written now."""
    lines: list[LineBox] = field(default_factory=list)
    general: list[FindingBox] = field(default_factory=list)
    options: OptionsForm | None = None
    total: Decimal = ZERO
    in_the_way: int = 0
    found: int = 0
    rule_count: int = RULE_COUNT
    audit: str = ""
    """What the insurance's own audit said of exactly this draft, in words; empty when she pays herself."""
    longest: int = 0
    past: list[Prescription] = field(default_factory=list)
    signed: list[PrescriptionLine] = field(default_factory=list)
    live_token: str = ""
    may_begin: bool = False
    """It has ended and the visit has not: another may be written."""
    added: int = 0
    """Number of the line just added, which gets the focus."""

    @property
    def asks_for_reason(self) -> bool:
        """More than a week without being long-term."""
        return self.longest > ORDINARY_DAYS and not (self.prescription and self.prescription.is_long_term)

    @property
    def asks_for_evaluation(self) -> bool:
        """More than four weeks."""
        return self.longest > FOUR_WEEKS

    @property
    def line_parts(self) -> str:
        """Ids of the parts that a change of a line renews, for htmx."""
        parts = [f"#rx-result-{line.number},#rx-sum-{line.number}" for line in self.lines]
        return ",".join([*parts, "#rx-general", "#rx-options", "#rx-checked", "#rx-signbar"])


def editor_of(
    encounter: Encounter, *, by: User, at: datetime, bound: Mapping[int, LineForm] | None = None,
    options: OptionsForm | None = None, added: int = 0,
) -> Editor:  # fmt: skip
    """The editor of a visit for its doctor; ``bound`` holds forms of lines whose input was refused."""
    current = queries.current_of(encounter)
    token = live.token_for(f"encounter:{encounter.number}", by.pk)
    if current is not None and current.state != PrescriptionState.DRAFT:
        return Editor(
            encounter, current, is_open=False, signed=list(current.lines.all()), live_token=token,
            may_begin=current.state in ENDED and encounter.ended_at is None,
        )  # fmt: skip
    editor = Editor(
        encounter, current, is_open=encounter.cleared_at is not None, added=added, past=_past(encounter)
    )
    if current is not None:
        _fill(editor, current, bound or {}, at)
        editor.options = options or OptionsForm.of(current)
    return editor


def _past(encounter: Encounter) -> list[Prescription]:
    return list(queries.past_prescriptions(encounter.patient).exclude(encounter=encounter)[:5])


def _fill(editor: Editor, draft: Prescription, bound: Mapping[int, LineForm], at: datetime) -> None:
    findings, kept = queries.findings_of(draft, at), queries.kept_of(draft)
    rows = list(draft.lines.all())
    prices = queries.prices_of([row.drug for row in rows], editor.encounter.institution, day_of(at))
    boxes = [_box(finding, kept, rows) for finding in findings]
    editor.rule_count = RULE_COUNT + rules_in_force(day_of(at)).count()
    editor.audit = _audit(draft, at)
    editor.found, editor.in_the_way = len(findings), len(standing_in_the_way(findings, kept))
    editor.longest = max((row.days for row in rows), default=0)
    for row in rows:
        price = prices.get(row.drug_id)
        amount = to_yuan(price.amount * row.packs) if price and price.amount is not None else None
        editor.total += amount or ZERO
        editor.lines.append(
            LineBox(
                row.number, row.drug, bound.get(row.number) or LineForm.of(row), _spec(row.drug, price),
                wording.packs_words(row.drug, row.packs), amount, wording.directions(row),
                [box for box in boxes if box.home == row.number],
            )
        )  # fmt: skip
    editor.general = [box for box in boxes if not box.lines]


def _audit(draft: Prescription, at: datetime) -> str:
    order = queries.order_of(draft, at)
    if not order.is_insured:
        return ""
    asked = last_analysis(order, Moment.BEFORE_SIGNING)
    if asked is None:
        return _("the insurance is asked when you sign")
    return _("the insurance: %(answer)s") % {"answer": asked.get_asked_display()}


def _spec(drug: Drug, price: Any) -> str:
    words = [
        wording.content_words(drug),
        wording.insurance_class_words(price.insurance_class) if price else "",
    ]
    return "，".join(word for word in words if word)


def _box(finding: RuleFinding, kept: Mapping[str, Kept], rows: Sequence[PrescriptionLine]) -> FindingBox:
    said = kept.get(finding.key)
    row = next((row for row in rows if finding.lines and row.number == finding.lines[0]), None)
    return FindingBox(
        key=finding.key, rule=finding.rule, is_blocking=finding.severity is Severity.BLOCK,
        is_grave=finding.severity is Severity.GRAVE,
        is_kept=finding.severity is Severity.GRAVE and is_kept(finding, kept),
        message=in_words(finding.message), way_on=in_words(finding.way_on), source=in_words(finding.basis.source),
        grade=finding.basis.grade, lines=finding.lines, reason=said.reason if said else "",
        signs_again=said.signs_again if said else False, needs_second_signature=finding.needs_second_signature,
        reduce_to=f"{plain(finding.reduce_to)} {row.drug.get_dose_unit_display()}" if finding.reduce_to and row else "",
        swap=_swap(finding),
    )  # fmt: skip


def _swap(finding: RuleFinding) -> Drug | None:
    if not finding.swap_to:
        return None
    return Drug.objects.selectable().filter(ingredients=[finding.swap_to], item__isnull=False).first()
