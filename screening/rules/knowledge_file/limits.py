"""What a row limits, read from its columns and from the words of its basis.

Source: headings of the published workbooks (state of 2026-07-10); where no column holds the limit, its words do.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from screening.rules.kinds import Kind, Mode

LOGIC: tuple[tuple[str, frozenset[Kind]], ...] = (
    ("限定性别不符", frozenset({Kind.SEX})),
    ("年龄", frozenset({Kind.AGE})),
    ("险种", frozenset({Kind.INSURANCE_TYPE})),
    ("就医方式", frozenset({Kind.VISIT_MODE})),
    ("机构级别", frozenset({Kind.LEVEL})),
    ("日期总计", frozenset({Kind.COURSE})),
    ("同时收费", frozenset({Kind.DUPLICATE_CHARGE})),
    ("数量总计", frozenset({Kind.FREQUENCY})),
    ("周期内超出", frozenset({Kind.FREQUENCY})),
    ("一线药品", frozenset({Kind.SECOND_LINE})),
    ("麻醉药品精神药品", frozenset({Kind.CONTROLLED_ONLINE})),
    ("单独使用", frozenset({Kind.HERB_ALONE})),
    ("不得纳入", frozenset({Kind.HERB_NEVER})),
    ("支付适应症", frozenset({Kind.INDICATION})),
)
"""Words of 检出逻辑 by which a file tells whose it is."""

_NUMBER_OF_DAYS = re.compile(r"(\d{1,3})\s*(?:天|日)")
_YEARS = re.compile(r"(\d{1,2})\s*(?:周岁|岁)")
_SEXES = {"男": "1", "男性": "1", "女": "2", "女性": "2"}


@dataclass(frozen=True, slots=True)
class Limit:
    """What a row limits; empty where its kind has no value of its own."""

    limit: str = ""
    number: Decimal | None = None
    period_days: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """The texts that may hold a limit."""

    sex: str
    quantity: str
    period: str
    logic: str
    basis: str


class LimitMissing(ValueError):
    """The row does not say what it limits."""

    def __init__(self, code: str, column: str) -> None:
        """``code`` of the fault, and the key of the column it stands in."""
        super().__init__(code)
        self.code, self.column = code, column


def is_of(kind: Kind, logic: str) -> bool:
    """Whether a logic fits a kind; words that are not known fit every kind."""
    for words, kinds in LOGIC:
        if words in logic:
            return kind in kinds
    return True


def _sex(row: Row) -> Limit:
    if row.sex not in _SEXES:
        raise LimitMissing("sex", "sex")
    return Limit(_SEXES[row.sex])


def _age(row: Row) -> Limit:
    said = _YEARS.search(row.basis)
    return Limit(number=Decimal(said[1]) if said else None)


def _insurance(row: Row) -> Limit:
    text = row.logic + row.basis
    if "工伤" in text:
        return Limit("410")
    if "生育" in text:
        return Limit("510")
    raise LimitMissing("insurance", "basis")


def _mode(row: Row) -> Limit:
    if "住院" in row.basis:
        return Limit(Mode.INPATIENT.value)
    if "门诊" in row.basis:
        return Limit(Mode.OUTPATIENT.value)
    raise LimitMissing("mode", "basis")


def _level(row: Row) -> Limit:
    for words, number in (("三级", 3), ("二级", 2)):
        if words in row.basis:
            return Limit(number=Decimal(number))
    raise LimitMissing("level", "basis")


def _course(row: Row) -> Limit:
    said = _NUMBER_OF_DAYS.search(row.basis)
    if not said:
        raise LimitMissing("days", "basis")
    return Limit(number=Decimal(said[1]))


def _frequency(row: Row) -> Limit:
    days = _positive(row.period, "period") if row.period else Decimal(1)
    return Limit(number=_positive(row.quantity, "quantity"), period_days=int(days))


def _positive(text: str, column: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number < 10_000:
        raise LimitMissing("quantity", column)
    return number


READERS: Mapping[Kind, Callable[[Row], Limit]] = {
    Kind.SEX: _sex,
    Kind.AGE: _age,
    Kind.INSURANCE_TYPE: _insurance,
    Kind.VISIT_MODE: _mode,
    Kind.LEVEL: _level,
    Kind.COURSE: _course,
    Kind.FREQUENCY: _frequency,
}


def limit_of(kind: Kind, row: Row) -> Limit:
    """What a row limits.

    Raises:
        LimitMissing: it does not say.
    """
    reader = READERS.get(kind)
    return reader(row) if reader else Limit()
