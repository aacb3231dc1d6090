"""The sourced prices, typed again from the notes and not from the tariff files: row number, where, what, how much.

Row numbers are those of ``docs/tariff-sources.md``. An amount is what a public institution charges by the row; rows
that leave the amount to the institution stand in ``LIMITS``, rows known without a usable amount in ``WITHOUT_PRICE``.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

ORDINARY, EXPERT, EMERGENCY = "001102000010000", "001102000020000", "001102000030000"
CHIEF, ASSOCIATE = "231", "232"


@dataclass(frozen=True)
class Sourced:
    """One row of the notes, and how to ask for it."""

    row: str
    item: str
    amount: str
    """Yuan for the quantity asked."""
    on: date
    region: str
    level: int = 3
    quantity: str = "1"
    title: str | None = None
    said: dict[str, Any] = field(default_factory=dict)
    """Further fields of the line."""
    insurance: tuple[str, str | None] | None = None
    """Class and self-pay rate, where the row says them."""
    grade: str = "B"


def _harbin(row: str, item: str, amount: str, title: str | None = None) -> Sourced:
    return Sourced(row, item, amount, date(2023, 1, 1), "230100", title=title, grade="C")


def _bill(row: str, item: str, amount: str) -> Sourced:
    return Sourced(row, item, amount, date(2026, 11, 22), "330100", insurance=("01", None), grade="C")


def _guangzhou(row: str, item: str, amount: str, title: str | None = None) -> Sourced:
    return Sourced(row, item, amount, date(2018, 12, 29), "440100", title=title)


def _boai(row: str, kilometres: str, amount: str) -> Sourced:
    far = {"distance_km": kilometres}
    return Sourced(row, "ZS-HLSM-BA", amount, date(2024, 1, 1), "442000", said=far, grade="A")


def _pilot(row: str, condition: str, amount: str) -> Sourced:
    return Sourced(row, "BJ-YSFWF", amount, date(2012, 7, 1), "110101", said={"condition": condition})


def _mianyang(row: str, item: str, amount: str, quantity: str = "1") -> Sourced:
    return Sourced(row, item, amount, date(2018, 3, 8), "510700", 2, quantity, grade="A")


def _jiangsu(row: str, item: str, amounts: dict[int, str]) -> list[Sourced]:
    on, insurance = date(2011, 1, 20), ("02", "0.1")
    return [
        Sourced(row, item, amount, on, "320100", level, insurance=insurance, grade="A")
        for level, amount in amounts.items()
    ]


def _scale(row: str, minutes: str, amount: str) -> Sourced:
    said = {"duration_minutes": minutes}
    return Sourced(row, "JS-311501001-2", amount, date(2026, 11, 22), "320100", said=said, grade="A")


COURSE = "疗程中（注射、换药、针灸、理疗、推拿、血透、放疗）"

ROWS = (
    _harbin("1", "HLJ-GH-01", "1"),
    _harbin("2", "HLJ-GH-02", "2"),
    _harbin("3", ORDINARY, "7"),
    _harbin("4", EXPERT, "13", ASSOCIATE),
    _harbin("5", EXPERT, "22", CHIEF),
    _harbin("7", EMERGENCY, "15"),
    _harbin("8", "HLJ-HLWFZ", "7", CHIEF),
    Sourced("10", "SC-HLWFZ", "3", date(2024, 3, 21), "510100", 1, insurance=("02", None)),
    Sourced("12", "SH-HLWFZ-9Y", "25", date(2020, 5, 29), "310100"),
    Sourced("14", "SH-LH-TX", "1000", date(2017, 9, 30), "310100", insurance=("03", None)),
    _guangzhou("15", ORDINARY, "10"),
    _guangzhou("16", EMERGENCY, "21"),
    _guangzhou("17", EXPERT, "20", ASSOCIATE),
    _guangzhou("18", EXPERT, "30", CHIEF),
    _guangzhou("19", "GZ-ZGZJ", "80"),
    *(_boai("25", kilometres, "130") for kilometres in ("0", "0.5", "3")),
    *(_boai("26", kilometres, "200") for kilometres in ("3.01", "5")),
    *(_boai("27", kilometres, "300") for kilometres in ("5.01", "10")),
    *(_boai("28", kilometres, "550") for kilometres in ("10.01", "40")),
    Sourced("29", "SZ-GH", "1", date(2016, 12, 31), "440300"),
    Sourced("29", "SZ-GH", "0", date(2017, 1, 1), "440300"),
    _pilot("31", "第一档（最低）", "42"),
    _pilot("31", "第二档", "60"),
    _pilot("31", "第三档", "80"),
    _pilot("31", "第四档（最高）", "100"),
    Sourced("32", "BJ-YSFWF-JZ", "62", date(2012, 7, 1), "110101"),
    _bill("33", "ZJ-YB-PTMZ", "10.00"),
    _bill("34", "ZJ-YB-CX", "3.00"),
    _bill("35", "ZJ-YB-CXQ", "1.20"),
    _bill("36", "ZJ-YB-LH", "32.00"),
    _bill("37", "ZJ-YB-PRL", "32.00"),
    _bill("38", "ZJ-YB-P", "32.00"),
    _bill("39", "ZJ-YB-FSH", "32.00"),
    _bill("40", "ZJ-YB-E2", "32.00"),
    _bill("41", "ZJ-YB-T", "25.00"),
    _bill("42", "ZJ-YB-HCG", "40.00"),
    Sourced("43", "HZ-JTBC", "80", date(2023, 1, 31), "330100"),
    Sourced(
        "47", ORDINARY, "0", date(2018, 3, 8), "510700", 1, title=CHIEF, said={"condition": COURSE}, grade="A"
    ),
    _mianyang("48", "MY-110700001-1", "1.00"),
    _mianyang("49", "MY-110700001-2", "0.50"),
    _mianyang("50", "MY-110700001-3", "0.40"),
    _mianyang("51", "MY-110700001-4", "0.25"),
    _mianyang("51", "MY-110700001-4", "6.00", quantity="24"),
    *_jiangsu("52", "JS-220301001", {3: "70", 2: "60", 1: "50"}),
    *_jiangsu("53", "JS-220301002", {3: "70", 2: "60", 1: "50"}),
    _scale("55", "30", "30"),
    _scale("56", "31", "40"),
    _scale("56", "60", "40"),
    Sourced(
        "59", "FJ-PTYBC", "11", date(2027, 1, 1), "350100", 2, said={"condition": "乳牙"}, grade="C"
    ),
)  # fmt: skip

HANGING = (
    ("45", "MY-1102-EBH", "A11", "2"),
    ("46", "MY-1102-FK", "A05.01", "3"),
    ("48", "MY-110700001-1-KT", "", "0.10"),
    ("49", "MY-110700001-2-KT", "", "0.05"),
    ("50", "MY-110700001-3-KT", "", "0.04"),
    ("51", "MY-110700001-4-KT", "", "0.03"),
)
"""Surcharges of Mianyang: row, item, department, yuan for one unit."""

LIMITS = (
    ("6", "HLJ-ZMZJ", "range", {"minimum_amount": "100", "maximum_amount": "300"}),
    ("9", "HLJ-EK", "ceiling", {"maximum_rate": "0.3"}),
    ("30", "BJ-YSFWF", "range", {"minimum_amount": "50", "maximum_amount": "100", "fund_amount": "40"}),
    ("44", "JX-CHX-HLB", "range", {"minimum_amount": "20", "maximum_amount": "80"}),
)
"""Row, item, kind of amount, and what the columns of the price say."""

WITHOUT_PRICE = (
    ("11", "SC-YCHZ", "9 项"),
    ("11", "SC-YCMZ", "4 项"),
    ("11", "SC-YCQBQ", "乙类"),
    ("13", "SH-SQ-GH", "7 元"),
    ("20", "ZS-CA-ZRYS", "25 元"),
    ("21", "ZS-CA-FZRYS", "19 元"),
    ("22", "ZS-CA-JZ", "19 元"),
    ("23", "ZS-CA-ZY", "28 元"),
    ("24", "ZS-CA-ZMZJ", "100 元"),
    ("54", "JS-220302001", "60／50／40 元"),
    ("57", "LN-NXGZY", "7280 元"),
    ("58", "LN-JSXGZY", "11970 元"),
    ("61", "CS-130600001", "20.00 元"),
)
"""Row, item, and what its content tells instead of a price."""

AS_OTHER = (("62", "QH-HLWFZ"),)
"""Row and item that is priced as the ordinary outpatient consultation, of which no number is known there."""

IN_RULES = (("60", "MM-YCHZ-400", "400"),)
"""Row, rule and yuan: the row is a limit and not a price."""

STATISTICS = tuple(str(row) for row in range(63, 74))
"""Statistics and market prices: not shipped."""
