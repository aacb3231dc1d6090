"""What can be wrong with a published file, said with the sheet and cell it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text

WORDS: Mapping[str, Text] = {
    "too_large": _("The file is larger than %(most)s MB."),
    "too_many_rows": _("The sheet has more than %(most)s rows."),
    "not_a_workbook": _("This is not a workbook that can be read. Save it as .xlsx and choose it again."),
    "old_workbook": _("Files of the old Excel kind (.xls) cannot be read. Save it as .xlsx."),
    "no_points": _("No sheet has the headings 序号 and 药品通用名, 医疗服务项目名称 or 中药饮片名称."),
    "no_codes": _("The sheet of codes is missing: its headings are 对应知识点序号 and 药品代码."),
    "heading_missing": _("The column %(heading)s is missing."),
    "empty": _("There is no row below the headings."),
    "number": _("A whole number is needed here."),
    "number_twice": _("The number %(number)s stands here twice; the first time in row %(row)s."),
    "needed": _("A value is needed here."),
    "too_long": _("The text is longer than %(most)s characters."),
    "other_rule": _("This logic belongs to another rule. Choose the file of this rule."),
    "sex": _("Write 男性 or 女性."),
    "quantity": _("This is not a number above zero."),
    "level": _("The basis names no level of hospital (二级, 三级)."),
    "days": _("The basis names no number of days."),
    "mode": _("The basis names no way of being treated (住院, 门诊)."),
    "insurance": _("Logic and basis name neither 工伤 nor 生育."),
    "code": _("This is not a code of the national catalogue: capital letters and digits only."),
    "code_twice": _("This code stands twice under the point %(number)s."),
    "point_unknown": _("There is no point with the number %(number)s in the first sheet."),
    "other_name": _("The point %(number)s is %(name)s."),
    "code_count": _("The point says %(said)s codes, and the second sheet holds %(found)s."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right; ``cell`` is like ``D12``, or empty for the whole file."""

    code: str
    sheet: str = ""
    cell: str = ""
    typed: str = ""
    """What stands in the cell."""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The sentence in the language of the moment."""
        return str(WORDS[self.code]) % self.values
