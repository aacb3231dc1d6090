"""Workbooks in the published columns: what is read, and every fault with its cell."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from screening.rules.kinds import Kind
from screening.rules.knowledge_file import Fault, KnowledgeRead, read_knowledge
from tests.factories.screening import workbook

COURSE = "使用药品的日期总计超过限制天数"
CODE_A, CODE_B = "XA02BCA219A002010100001", "XA02BCA219A002010100002"
GOOD = (1, "注射用甲", COURSE, "支付不超过14天", 2)
CODES = ((1, "注射用甲", 1, CODE_A), (1, "注射用甲", 2, CODE_B))


def read(points, codes=CODES, kind: Kind = Kind.COURSE, **shape) -> KnowledgeRead:
    return read_knowledge(workbook(points, codes, **shape), kind)


def faults(found: KnowledgeRead) -> list[tuple[str, str]]:
    return [(fault.code, fault.cell) for fault in found.faults]


def test_points_and_codes_are_read_below_titles_and_notes() -> None:
    found = read([GOOD, ("注：以上内容供参考",)])
    assert found.faults == []
    (point,) = found.points.values()
    assert (point.number, point.name, point.limit.number, point.codes) == (
        1,
        "注射用甲",
        Decimal(14),
        [CODE_A, CODE_B],
    )


@pytest.mark.parametrize(
    ("kind", "logic", "basis", "limit"),
    [
        (Kind.LEVEL, "使用药品的医疗机构级别低于限定级别", "限二级及以上医疗机构", Decimal(2)),
        (Kind.LEVEL, "使用药品的医疗机构级别低于限定级别", "限三级医疗机构", Decimal(3)),
        (Kind.VISIT_MODE, "使用药品的就医方式不符合限定就医方式", "限住院使用", "inpatient"),
        (Kind.INSURANCE_TYPE, "参保人险种非工伤保险", "限工伤保险", "410"),
        (Kind.INSURANCE_TYPE, "参保人险种非生育保险", "限生育保险", "510"),
        (Kind.AGE, "参保人年龄超出儿童年龄限制", "限14周岁以下儿童", Decimal(14)),
        (Kind.AGE, "参保人年龄超出儿童年龄限制", "限儿童", None),
    ],
)
def test_a_limit_is_read_from_the_words_of_the_basis(kind: Kind, logic: str, basis: str, limit) -> None:
    found = read([(1, "注射用甲", logic, basis, 2)], kind=kind)
    assert found.faults == []
    (point,) = found.points.values()
    assert limit in (point.limit.limit or None, point.limit.number)


def test_the_sex_stands_in_its_own_column() -> None:
    heads = (
        "序号",
        "药品通用名",
        "是否为2024年医保目录内 药品",
        "限定性别",
        "检出逻辑",
        "逻辑依据（药品说明书适应症）",
        "知识点对应药品代码数量",
    )
    found = read(
        [(1, "注射用甲", "是", "女性", "与限定性别不符", "说明书", 2)], kind=Kind.SEX, point_heads=heads
    )
    assert found.faults == []
    assert found.points[1].limit.limit == "2"
    found = read(
        [(1, "注射用甲", "是", "女士", "与限定性别不符", "说明书", 2)], kind=Kind.SEX, point_heads=heads
    )
    assert faults(found) == [("sex", "D5")]


def test_a_frequency_stands_in_two_columns_and_codes_on_the_first_sheet() -> None:
    heads = (
        "序号",
        "医疗服务项目名称",
        "频次上限",
        "周期（天）",
        "检出逻辑",
        "逻辑依据",
        "项目代码供参考 （国家医保局全国医疗服务项目）",
        "备注",
    )
    row = (
        1,
        "糖化血红蛋白",
        1,
        15,
        "在设定的周期内超出限定支付数量",
        "",
        "002503000020000、002503000020001",
        "",
    )
    found = read([row], None, kind=Kind.FREQUENCY, point_heads=heads)
    assert found.faults == []
    point = found.points[1]
    assert (point.limit.number, point.limit.period_days, len(point.codes)) == (Decimal(1), 15, 2)
    found = read([(*row[:2], "一次", *row[3:])], None, kind=Kind.FREQUENCY, point_heads=heads)
    assert faults(found) == [("quantity", "C5")]


def test_a_pair_of_services_stands_in_one_row() -> None:
    heads = (
        "序号",
        "时间区间",
        "医疗服务项目A名称",
        "医疗服务项目A代码供参考 （国家）",
        "医疗服务项目B名称",
        "医疗服务项目B代码供参考 （国家）",
        "检出逻辑",
        "逻辑依据 （项目A项目内涵）",
        "备注",
    )
    row = (
        1,
        "单日",
        "项目甲",
        "001101000010000",
        "项目乙",
        "001101000020000",
        "项目A和项目B同时收费",
        "",
        "",
    )
    found = read([row], None, kind=Kind.DUPLICATE_CHARGE, point_heads=heads)
    assert found.faults == []
    point = found.points[1]
    assert (point.name, point.codes, point.partner_name, point.partner_code) == (
        "项目甲", ["001101000010000"], "项目乙", "001101000020000",
    )  # fmt: skip
    found = read([(*row[:4], "", *row[5:])], None, kind=Kind.DUPLICATE_CHARGE, point_heads=heads)
    assert faults(found) == [("needed", "E5")]


def test_herbs_stand_on_one_sheet() -> None:
    heads = ("序号", "中药饮片名称", "中药饮片代码（供参考）", "检出逻辑", "逻辑依据（国家医保支付政策）")
    found = read(
        [(1, "阿胶", "T001700233", "不得纳入基金支付范围的中药饮片", "")],
        None,
        kind=Kind.HERB_NEVER,
        point_heads=heads,
    )
    assert found.faults == []
    assert found.points[1].codes == ["T001700233"]


def test_every_fault_is_told_with_its_cell_and_keeps_no_other_row_back() -> None:
    rows = [
        GOOD,
        ("一", "注射用乙", COURSE, "14天", 0),
        (1, "注射用丙", COURSE, "14天", 0),
        (3, "注射用丁", COURSE, "不限", 0),
        (4, "注射用戊", "与限定性别不符", "14天", 0),
        (5, None, COURSE, "14天", 0),
    ]
    assert faults(read(rows)) == [
        ("number", "A6"), ("number_twice", "A7"), ("days", "D8"), ("other_rule", "C9"), ("needed", "B10"),
    ]  # fmt: skip


def test_faults_of_the_codes_are_told_on_their_own_sheet() -> None:
    codes = [
        (1, "注射用甲", 1, CODE_A), (1, "注射用甲", 2, CODE_A), (1, "注射用乙", 3, CODE_B), (9, "注射用甲", 4, CODE_B),
        (1, "注射用甲", 5, "xa02"), ("甲", "注射用甲", 6, CODE_B),
    ]  # fmt: skip
    found = read([GOOD], codes)
    assert faults(found) == [
        ("code_twice", "D4"), ("other_name", "B5"), ("point_unknown", "A6"), ("code", "D7"), ("number", "A8"),
    ]  # fmt: skip
    assert {fault.sheet for fault in found.faults} == {"知识点对应药品代码"}


def test_a_count_that_differs_from_the_second_sheet_is_told_at_the_count() -> None:
    found = read([(*GOOD[:4], 3)])
    assert faults(found) == [("code_count", "E5")]
    with override("en"):
        assert found.faults[0].words == "The point says 3 codes, and the second sheet holds 2."


def test_a_missing_second_sheet_is_told() -> None:
    assert faults(read([GOOD], None)) == [("no_codes", "")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0 old", "old_workbook"),
        (b"PK\x03\x04 broken", "not_a_workbook"),
        ("序号,药品通用名\n1,甲".encode(), "not_a_workbook"),
        (b"", "not_a_workbook"),
    ],
)
def test_what_is_no_workbook_is_told_and_kept_out(content: bytes, code: str) -> None:
    found = read_knowledge(content, Kind.COURSE)
    assert faults(found) == [(code, "")]
    assert found.points == {}


def test_a_workbook_without_the_headings_is_told() -> None:
    found = read([GOOD], None, point_heads=("编号", "名字", "逻辑", "依据", "数量"))
    assert faults(found) == [("no_points", "")]


def test_every_fault_has_words_in_both_languages() -> None:
    values = {"most": 1, "heading": "x", "number": 1, "row": 1, "name": "x", "said": 1, "found": 2}
    from screening.rules.knowledge_file import WORDS

    for code in WORDS:
        assert Fault(code, values=values).words
