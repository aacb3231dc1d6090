"""What the audit rules are given; all frozen, all plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from screening.rules.kinds import Effect, Kind, LineKind, Mode


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One thing that is ordered."""

    number: int
    code: str
    """The hospital's own code."""
    national_code: str
    """Code of the national catalogue; empty where the hospital holds none."""
    name: str
    """Generic name of a medicine, name of a service; in Chinese."""
    name_en: str
    kind: LineKind = LineKind.DRUG
    quantity: Decimal = Decimal(1)
    """Packs of a medicine, times of a service."""
    days: int = 0
    """For how many days a medicine lasts; 0 where it is not known."""
    amount: Decimal | None = None
    """Yuan; None before it is priced."""

    @property
    def words(self) -> Words:
        """Its name in both languages."""
        return Words(self.name, self.name_en or self.name)

    def is_same_as(self, code: str, name: str) -> bool:
        """Whether another row speaks of the same thing: by national code, else by name."""
        if self.national_code and code:
            return self.national_code == code
        return plain_name(self.name) == plain_name(name)


@dataclass(frozen=True, slots=True)
class DiagnosisFact:
    """One diagnosis of the record."""

    code: str
    """Of the insurance's list of diseases."""
    name: str


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """What the patient was given before: a medicine that may still last, or a service."""

    national_code: str
    name: str
    name_en: str
    institution_code: str
    institution_name: str
    on: date
    """Day it was given or charged."""
    quantity: Decimal = Decimal(1)
    days: int = 0
    """Days of supply; 0 for a service."""
    is_of_this_order: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """Where the patient was in person at a moment."""

    at: datetime
    region_code: str
    """GB/T 2260."""
    place: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    """Degrees, WGS 84; None where they are not known."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order on its way to be signed or charged."""

    key: str
    """Names the order for ever: ``P…/1`` for a version of a prescription, ``B…`` for a bill."""
    encounter: str
    """Number of the visit."""
    at: datetime
    on: date
    """Day of service in Asia/Shanghai."""
    mode: Mode
    institution_code: str
    institution_level: int
    """1 to 3."""
    region_code: str
    patient: str
    """Fingerprint of the identity number, never the number."""
    sex: str
    """As on the identity card: 1 male, 2 female."""
    age: int
    """Whole years."""
    insurance_type: str = ""
    """insutype; empty when she pays everything herself."""
    prescriber: str = ""
    """National insurance code of the doctor."""
    diagnoses: tuple[DiagnosisFact, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    earlier: tuple[EarlierItem, ...] = ()
    here: Presence | None = None
    """Where she is now; None online, unless the position is known."""
    elsewhere: tuple[Presence, ...] = ()
    """Where she was in person before, the latest first."""
    already_said: frozenset[tuple[str, int]] = frozenset()
    """(rule, line) that the rules of the prescription have said: not said twice."""
    trace_codes: tuple[str, ...] = ()
    """Traceability codes of what is about to be sold, as scanned; may hold one twice."""

    @property
    def is_insured(self) -> bool:
        """The insurance is asked to pay."""
        return bool(self.insurance_type)


@dataclass(frozen=True, slots=True)
class PointFact:
    """One knowledge point of a rule that could concern this order."""

    number: int
    """序号 in the published file."""
    name: str
    codes: frozenset[str] = frozenset()
    """National codes; empty where the publication names none."""
    limit: str = ""
    """Sex, mode or kind of insurance, where the rule limits one of these."""
    limit_number: Decimal | None = None
    """Years, level, days or quantity, by the kind of the rule."""
    period_days: int = 0
    partners: tuple[tuple[str, str], ...] = ()
    """(code, name) of what must not be charged beside it."""
    condition: str = ""
    """The restriction in the words of the publication."""
    diagnosis_codes: tuple[str, ...] = ()
    """Beginnings of codes of the diseases it is paid for; empty: judged by the words of the condition."""

    def concerns(self, line: OrderLine) -> bool:
        """By code; by name only where one side has no code."""
        if self.codes and line.national_code:
            return line.national_code in self.codes
        return plain_name(self.name) == plain_name(line.name)


@dataclass(frozen=True, slots=True)
class RuleFact:
    """A rule as it is in force on the day."""

    number: str
    kind: Kind
    effect: Effect
    name: Words
    explanation: Words
    source: Words
    grade: str
    """``S`` sourced, ``G`` general knowledge, ``D`` demonstration."""
    is_only_insured: bool = True
    same_as: str = ""
    """Number of the prescription rule that says the same."""
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    points: tuple[PointFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the hospital knows beside the order."""

    rules: tuple[RuleFact, ...] = ()
    patients_of_device: int = 0
    """Different patients booked from the device of this visit within the hours of the rule."""
    signed_at: tuple[datetime, ...] = ()
    """When the same doctor signed other orders lately, the latest first."""
    used_codes: frozenset[str] = frozenset()
    """Of ``trace_codes`` those that were sold before and not returned."""


def plain_name(name: str) -> str:
    """A name without what files write differently: blanks, and brackets of either width."""
    return "".join(name.split()).replace("（", "(").replace("）", ")").casefold()
