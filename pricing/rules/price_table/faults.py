"""What can be wrong with a file, said with the cell it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text

WORDS: Mapping[str, Text] = {
    "too_large": _("The file is larger than %(most)s MB. Split it."),
    "too_many_rows": _("The table has more than %(most)s rows. Split it."),
    "not_a_table": _("This is not a table that can be read. Save it as XLSX or CSV and choose it again."),
    "old_workbook": _("Files of the old Excel kind (.xls) cannot be read. Save it as .xlsx."),
    "encoding": _("The letters cannot be read. Save the file as CSV UTF-8 and choose it again."),
    "empty": _("There is no row below the headings."),
    "heading_missing": _("The column %(heading)s is missing."),
    "heading_unknown": _("There is no column %(heading)s. Take the headings of the template."),
    "heading_twice": _("The column %(heading)s stands here twice."),
    "merged": _("Cells are merged here. Part them, and write the value into each row."),
    "formula": _("There is a formula here. Copy the column and insert it as values."),
    "cell_error": _("Excel could not compute this cell. Write the value."),
    "beside": _("There is a value beside the table. Remove it, or give its column a heading."),
    "needed": _("A value is needed here."),
    "number": _("This is not a number."),
    "integer": _("This is not a whole number."),
    "fraction": _("This is not a fraction. Write 0.3 or 30%%."),
    "day": _("This is not a day. Write it like 2027-01-01."),
    "flag": _("Write 是 or 否."),
    "choice": _("Choose one of these: %(choices)s."),
    "bands": _("Write the bands like 0-3:130; 3-6:160; 6-:200."),
    "code_as_number": _(
        "Excel took the code for a number and lost digits. Set the column to text and write it again."
    ),
    "item_unknown": _("There is no price item with this code."),
    "zeros_lost": _("The leading zeros are lost: the code is %(code)s. Set the column to text."),
    "institution_unknown": _("There is no institution with this code."),
    "days": _("The last day cannot come before the first."),
    "too_long": _("The text is longer than %(most)s characters."),
    "double": _("Row %(row)s already sets a price for the same item, scope and days."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right; ``cell`` is like ``D12``, or empty for the whole file."""

    cell: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    typed: str = ""
    """What stands in the cell."""

    @property
    def words(self) -> str:
        """The sentence in the language of the moment."""
        return str(WORDS[self.code]) % self.values


def cell_name(column: int, row: int) -> str:
    """Name of a cell; both count from 1.

    >>> cell_name(28, 12)
    'AB12'
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
