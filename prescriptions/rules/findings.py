"""What a rule says: how grave, in both languages, on what it rests, and what can be done."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum


class Severity(IntEnum):
    """How grave a finding is."""

    BLOCK = 0
    """The law or the hospital forbids it; nobody can sign it away."""
    GRAVE = 1
    """Blocks until the doctor writes why it is kept and signs for it."""
    WARN = 2
    """Is shown to doctor and pharmacist."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def filled(self, **values: "Words") -> "Words":
        """The text with its places filled in each language."""
        zh = {name: words.zh for name, words in values.items()}
        en = {name: words.en for name, words in values.items()}
        return Words(self.zh.format(**zh), self.en.format(**en))


NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on."""

    source: Words
    grade: str = ""
    """``KB`` or ``G`` for clinical knowledge (both need a pharmacist's check), empty for law."""


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One broken or doubtful point."""

    rule: str
    severity: Severity
    message: Words
    basis: Basis
    way_on: Words = NOTHING
    lines: tuple[int, ...] = ()
    """Numbers of the lines concerned, in order."""
    subject: str = ""
    """Tells two findings of one rule on the same lines apart."""
    reduce_to: Decimal | None = None
    """Single dose of the first line that would heal it."""
    swap_to: str = ""
    """Ingredient that could take the place of the first line's."""
    needs_second_signature: bool = False
    field: str = ""
    """Form field it belongs beside, when it belongs to the whole prescription."""

    @property
    def key(self) -> str:
        """The same for the same point of the same lines."""
        return ":".join([self.rule, *map(str, self.lines), *([self.subject] if self.subject else [])])[:60]


ONLINE_CARE = Basis(
    Words(
        "互联网诊疗管理办法(试行) 国卫医发〔2018〕25号",
        "Measures for Internet Diagnosis and Treatment, NHC 2018 No. 25",
    )
)
INTERNET_HOSPITAL = Basis(
    Words("互联网医院管理办法(试行) 第二十条", "Measures for Internet Hospitals (2018), article 20")
)
ONLINE_DETAIL = Basis(
    Words(
        "互联网诊疗监管细则(试行) 国卫办医发〔2022〕2号",
        "Rules for Supervising Internet Diagnosis and Treatment, 2022 No. 2",
    )
)
PRESCRIBING = Basis(Words("处方管理办法", "Measures for Prescriptions"))
LONG_TERM = Basis(
    Words("长期处方管理规范(试行) 国卫办医发〔2021〕17号", "Rules for Long-term Prescriptions, 2021 No. 17")
)
REVIEWING = Basis(Words("医疗机构处方审核规范 (2018)", "Rules for Reviewing Prescriptions (2018)"))
HOUSE = Basis(Words("本院规定", "rule of this hospital"))
KNOWLEDGE = Basis(
    Words("药品知识库（公开资料，待药师核对）", "public drug knowledge file (needs a pharmacist's check)"),
    "KB",
)
GENERAL = Basis(
    Words("通用药学知识（待药师核对）", "general pharmaceutical knowledge (needs a pharmacist's check)"), "G"
)
BY_GRADE = {"KB": KNOWLEDGE, "G": GENERAL}
