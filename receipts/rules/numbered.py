"""Rules for receipts, and how they are numbered; pure."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation

CODE = re.compile(r"[0-9]{8}")
NUMBER = re.compile(r"[0-9]{10}")
CHECK_CODE = re.compile(r"[0-9A-Za-z]{6}")


def receipt_number(institution_code: str, year: int, serial: int) -> str:
    """``R2026-H33010600001-000123``: year, institution, and its place in the year, which has no gaps."""
    return f"R{year}-{institution_code}-{serial:06d}"


def issue_violations(*, is_settled: bool) -> Iterator[Violation]:
    """RE-01: A receipt says what was paid: it is made when every payer of the bill has paid, not before.

    Source: ours; a receipt for money that has not come would be false.
    """
    if not is_settled:
        yield Violation(
            "RE-01",
            _("There is no receipt yet: the bill is not paid by everybody who pays a part."),
            _("It is made by itself as soon as it is."),
        )


def certificate_violations(*, is_done: bool) -> Iterator[Violation]:
    """RE-02: A refund is certified when the money is back, not when it was asked for.

    Source: ours, as RE-01.
    """
    if not is_done:
        yield Violation(
            "RE-02",
            _("The refund is not finished: its certificate is made when the money is back."),
            _("The page of the bill shows how far it has come."),
        )


def fiscal_violations(
    code: str, number: str, check_code: str, *, is_taken: bool, is_in_force: bool
) -> Iterator[Violation]:
    """RE-03: The fiscal platform's numbers are a code of 8 digits, a number of 10 digits, a check code of 6 characters.

    Source: general knowledge of the unified style of fiscal e-receipts; the insurer's interface keeps 6 characters for
    the check code (elec_bill_chkcode).
    """
    for field, value, form in (
        ("code", code, CODE),
        ("number", number, NUMBER),
        ("check_code", check_code, CHECK_CODE),
    ):
        if not form.fullmatch(value):
            yield Violation(
                "RE-03",
                _(
                    "A fiscal receipt has a code of 8 digits, a number of 10 digits and a check code of 6 characters."
                ),
                _("Please copy them from the fiscal platform."),
                field=field,
            )
    yield from _once(is_taken=is_taken, is_in_force=is_in_force)


def _once(*, is_taken: bool, is_in_force: bool) -> Iterator[Violation]:
    """RE-04: A fiscal number is given once, to a receipt in force; it never changes.

    Source: ours; the number stands on papers that have been given out.
    """
    if is_taken or not is_in_force:
        yield Violation(
            "RE-04",
            _("This receipt has its fiscal number already, or is out of force."),
            _("A correction there is a new receipt here."),
        )
