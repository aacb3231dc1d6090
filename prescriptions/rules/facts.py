"""What the prescription rules are given; all frozen, all plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """The patient on the day."""

    age: int
    """Whole years."""
    is_female: bool
    allergies: str = ""
    """As she and the record state them."""
    is_pregnant: bool | None = None
    """None: not known."""
    medicines_stated: str = ""
    """What she says she takes, in her own words."""


@dataclass(frozen=True, slots=True)
class DrugFacts:
    """A drug of the catalogue."""

    drug_id: int
    name: str
    name_en: str
    ingredients: tuple[str, ...]
    """International non-proprietary names in lower case, words joined by ``_``."""
    class_code: str
    """ATC-like with a leading X, e.g. ``XC08CA``."""
    dose_per_unit: Decimal
    dose_unit: str
    units_per_pack: int
    max_dose: Decimal | None
    """In ``dose_unit`` over ``max_dose_days`` days; None when the catalogue holds no limit."""
    max_dose_days: int = 1
    dose_source: str = ""
    dose_grade: str = "G"
    special_class: str = ""
    is_active: bool = True
    is_cold_chain: bool = False
    allows_long_term: bool = True
    is_divisible: bool = False
    for_men_only: bool = False
    available: int = 0
    """Packs."""
    price: Decimal | None = None
    """Yuan of a pack today; None when it has none."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line as the doctor wrote it."""

    number: int
    drug: DrugFacts
    dose: Decimal
    """Single dose in the drug's dose unit."""
    frequency: str
    days: int
    packs: int


@dataclass(frozen=True, slots=True)
class RunningDrug:
    """A medicine of an earlier prescription that is not used up."""

    name: str
    name_en: str
    ingredients: tuple[str, ...]
    class_code: str
    until: date
    """First day without it."""


@dataclass(frozen=True, slots=True)
class DiagnosisFacts:
    """One diagnosis of the record."""

    code: str
    name: str
    name_en: str = ""

    @property
    def category(self) -> str:
        """The first three characters: what "the same disease" is compared by (V-03)."""
        return self.code[:3]


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """The visit the prescription is written in."""

    is_cleared: bool
    """The doctor has confirmed that it is a re-diagnosis."""
    is_ended: bool
    is_by_own_doctor: bool
    """The author is the doctor who receives the patient."""
    prescriber_title: str
    prescriber_years: int
    """Whole years of independent practice."""
    proven: tuple[str, ...]
    """Categories (three characters) of the diseases that a hospital has diagnosed."""
    diagnoses: tuple[DiagnosisFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class PrescriptionFacts:
    """Everything the rules may look at."""

    on: date
    """Day of issue in Asia/Shanghai."""
    patient: PatientFacts
    visit: VisitFacts
    lines: tuple[LineFacts, ...]
    running: tuple[RunningDrug, ...] = ()
    is_long_term: bool = False
    confirmations: frozenset[str] = frozenset()
    days_reason: str = ""
    evaluation: str = ""
    validity_days: int = 1
    validity_reason: str = ""

    @property
    def longest(self) -> int:
        """Days of the line that lasts longest; 0 without lines."""
        return max((line.days for line in self.lines), default=0)
