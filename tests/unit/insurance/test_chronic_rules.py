"""Under which filed disease a bill is settled."""

from datetime import date

import pytest

from insurance.rules.chronic import Filing, filing_that_counts

TODAY = date(2026, 3, 10)
PRESSURE = Filing("M03900", "高血压", date(2020, 1, 1), None)
SUGAR = Filing("M01600", "糖尿病", date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("categories", "filings", "code"),
    [
        (["I10"], [SUGAR, PRESSURE], "M03900"),
        (["E11", "I10"], [PRESSURE, SUGAR], "M01600"),  # the main diagnosis first
        (["J00", "I10"], [PRESSURE], "M03900"),  # a cold has no filing
        (["E11"], [PRESSURE], ""),
        (["I10"], [], ""),
        ([], [PRESSURE], ""),
        (["I10"], [Filing("M03900", "高血压", date(2026, 3, 11), None)], ""),  # from tomorrow on
        (["I10"], [Filing("M03900", "高血压", TODAY, None)], "M03900"),
        (["I10"], [Filing("M03900", "高血压", date(2020, 1, 1), TODAY)], ""),  # over
        (["I10"], [Filing("M03900", "高血压", date(2020, 1, 1), date(2026, 3, 11))], "M03900"),
    ],
)  # fmt: skip
def test_the_filing_in_force_for_the_first_diagnosis_counts(
    categories: list[str], filings: list[Filing], code: str
) -> None:
    found = filing_that_counts(filings, categories, on=TODAY)
    assert (found.code if found else "") == code
