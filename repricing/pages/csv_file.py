"""Lines of a batch as a file that spreadsheets open: UTF-8 with a mark, one line for each charge."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from repricing.models import CorrectionLine
from repricing.pages.words import SKIPPED, refusal_in_words

MARK = "\ufeff"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def lines_as_csv(lines: Iterable[CorrectionLine]) -> str:
    """Heads in the page's language, amounts in yuan with a point, days as in ISO 8601; patients are masked."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(_heads())
    for line in lines:
        rows.writerow(_row(line))
    return MARK + written.getvalue()


def _heads() -> list[str]:
    return [
        _("Bill"), _("Visit"), _("Patient"), _("Day of service"), _("Line"), _("Code"), _("Item"),
        _("Charged so far"), _("Right amount"), _("Difference"), _("Fund"), _("Personal account"), _("Patients in cash"),
        _("Document"), _("Left out because"), _("Remark"),
    ]  # fmt: skip


def _row(line: CorrectionLine) -> list[object]:
    charge = line.charge
    visit = charge.bill.encounter
    remark = refusal_in_words(line.refusal) if line.refusal else SKIPPED.get(line.skipped, "")
    right = "" if line.right_amount is None else line.right_amount
    return [
        charge.bill.number, visit.number, _safe(str(visit.patient)), visit.service_on.isoformat(), charge.number,
        charge.item_code, _safe(charge.name), line.standing_amount, right, line.difference_amount,
        line.fund_difference, line.account_difference, line.cash_difference,
        _safe(line.document.number if line.document else ""), _safe(line.left_out_reason), str(remark),
    ]  # fmt: skip


def _safe(text: str) -> str:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
