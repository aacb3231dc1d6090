"""The columns of the table, in the order in which they are written; any order is read.

A row as texts is a mapping of column keys to canonical texts, empty values left out: numbers without needless zeros,
days as 2026-01-01, choices by their value, flags as ``yes`` or ``no``, bands as ``0-3:130;3-:200``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pricing.rules.wording import TITLES


class Form(StrEnum):
    """How a cell is written."""

    TEXT = "text"
    CODE = "code"
    """Digits that are a name, not a number: leading zeros count."""
    NUMBER = "number"
    FRACTION = "fraction"
    """0.3, or 30 %."""
    INTEGER = "integer"
    DAY = "day"
    FLAG = "flag"
    CHOICE = "choice"
    BANDS = "bands"


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    key: str
    heading: str
    """In Chinese, as the file has it."""
    english: str
    form: Form
    note: str
    """What to write, in Chinese: the second sheet of the template."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Canonical value to Chinese word."""
    is_required: bool = False
    is_read: bool = True
    """Whether the cell is read, or only there for the reader."""


KINDS = {
    "fixed": "固定金额",
    "range": "区间",
    "ceiling": "最高限价",
    "percentage": "按比例",
    "self_set": "自主定价",
    "tiered": "分档",
    "base_and_further": "基价加后续",
    "hourly": "按小时",
}
AXES = {"distance": "距离", "duration": "时长", "count": "数量", "body_part": "部位"}
OWNERSHIPS = {"public": "公立", "private": "非公立"}
CLASSES = {"01": "甲", "02": "乙", "03": "丙"}
LEVELS = {"1": "一级", "2": "二级", "3": "三级"}
_TITLES = {code: chinese for code, (chinese, _english) in TITLES.items()}
_YUAN = "元，最多 6 位小数，可以是 0"
_EMPTY_FOR_ALL = "空着表示不区分"

COLUMNS = (
    Column("item", "项目代码", "item code", Form.CODE, "已登记的价格项目代码；单元格格式请设为文本", is_required=True),
    Column("item_name", "项目名称", "item name", Form.TEXT, "便于核对，导入时不读", is_read=False),
    Column("region_code", "地区代码", "region", Form.CODE, "六位行政区划代码；空着即文件所在地区"),
    Column("institution", "机构代码", "institution", Form.CODE, "仅机构自己的价格填写，如 H33010000001"),
    Column("institution_level", "机构级别", "level", Form.CHOICE, f"一级、二级、三级；{_EMPTY_FOR_ALL}", LEVELS),
    Column("institution_grade", "机构等次", "grade", Form.TEXT, f"如甲、乙、丙；{_EMPTY_FOR_ALL}"),
    Column("price_zone", "价区", "price zone", Form.TEXT, f"如 A 档、一类价区；{_EMPTY_FOR_ALL}"),
    Column("ownership", "机构性质", "ownership", Form.CHOICE, f"公立、非公立；{_EMPTY_FOR_ALL}", OWNERSHIPS),
    Column("title", "职称", "title", Form.CHOICE, f"如主任医师；{_EMPTY_FOR_ALL}", _TITLES),
    Column("department", "科室代码", "department", Form.TEXT, f"诊疗科目代码；{_EMPTY_FOR_ALL}"),
    Column("condition", "条件", "condition", Form.TEXT, f"文件里的原话，如乳牙；{_EMPTY_FOR_ALL}"),
    Column("age_from", "年龄起", "age from", Form.INTEGER, "周岁，含本数"),
    Column("age_to", "年龄止", "age to", Form.INTEGER, "周岁，含本数"),
    Column("kind", "计价方式", "kind", Form.CHOICE, "、".join(KINDS.values()) + "；空着即固定金额", KINDS),
    Column("amount", "金额", "amount", Form.NUMBER, f"{_YUAN}；固定金额、按小时、基价加后续填写"),
    Column("minimum_amount", "最低金额", "minimum", Form.NUMBER, "区间填写"),
    Column("maximum_amount", "最高金额", "maximum", Form.NUMBER, "区间、最高限价填写"),
    Column("rate", "比例", "rate", Form.FRACTION, "按比例填写；0.3 或 30%"),
    Column("maximum_rate", "最高比例", "maximum rate", Form.FRACTION, "最高限价按比例时填写；0.3 或 30%"),
    Column("base_item", "基准项目代码", "base item", Form.CODE, "比例的基准；空着即主项目"),
    Column("included_quantity", "基价含数量", "included", Form.NUMBER, "基价加后续填写"),
    Column("further_amount", "后续单价", "further amount", Form.NUMBER, "基价加后续：之后每一单位的金额"),
    Column("further_rate", "后续比例", "further rate", Form.FRACTION, "基价加后续：之后每一单位为基价的几成"),
    Column("band_axis", "分档依据", "bands by", Form.CHOICE, "距离（公里）、时长（分钟）、数量、部位", AXES),
    Column("bands", "分档", "bands", Form.BANDS, "如 0-3:130；3-6:160；6-:200（不含下限，含上限）；部位如 头部:180；颈部:200"),
    Column("cap_amount", "单次封顶", "cap", Form.NUMBER, _YUAN),
    Column("period_cap_amount", "周期封顶", "period cap", Form.NUMBER, _YUAN),
    Column("period_cap_days", "周期天数", "period days", Form.INTEGER, "自然日；1 即当天"),
    Column("takes_surcharges", "可加收", "takes surcharges", Form.FLAG, "是、否；空着即是"),
    Column("is_trial", "试行", "trial", Form.FLAG, "是、否；空着即否"),
    Column("insurance_class", "医保类别", "class", Form.CHOICE, "甲、乙、丙；空着即未说明", CLASSES),
    Column("self_pay_rate", "先自付比例", "self-pay rate", Form.FRACTION, "0 到 1，或 0% 到 100%"),
    Column("fund_amount", "基金定额", "fund amount", Form.NUMBER, "医保基金按定额支付时填写，元"),
    Column("begins_on", "生效日期", "first day", Form.DAY, "如 2027-01-01", is_required=True),
    Column("last_on", "最后一天", "last day", Form.DAY, "含当天；空着即不限"),
)  # fmt: skip

BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
