"""The page about refunds says what the program does."""

from decimal import Decimal
from pathlib import Path

from billing.rules import Parts
from billing.rules.returns import Charged, Decrease, worth
from kernel.money import ZERO
from refunds.queries.policies import shipped
from refunds.rules.parts import shares_after
from refunds.rules.situations import Situation

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "algorithms" / "refunds.md").read_text(
    encoding="utf-8"
)


def table(heading: str) -> list[list[str]]:
    below = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| \n").split(" | ") for line in below.splitlines() if line.startswith("| ")]
    return [[cell.strip("`") for cell in row] for row in rows]


def parts(row: list[str]) -> Parts:
    total, fund, account, cash, hospital = map(Decimal, row[-5:])
    found = Parts(fund, account, cash, institution=hospital)
    assert found.total == total
    return found


def test_the_policies_of_the_page_are_those_that_are_shipped() -> None:
    words = {(True, False): "nobody", (False, True): "two persons", (False, False): "the office"}
    rows = [row for row in table("Policies") if row[0] in list(Situation)]
    assert len(rows) == 11
    for situation, gives, decides, grade in rows:
        held = shipped()[Situation(situation)]
        assert (held["gives"], held["grade"]) == (gives, grade)
        assert words[held["is_automatic"], held["always_second_person"]] == decides


def test_the_worked_lines_of_an_insured_bill_add_up() -> None:
    first, reversed_, again, back = (parts(row) for row in table("Lines of an insured bill")[-4:])
    assert reversed_ == -first
    assert back == first - shares_after(again, first)


def test_the_worked_line_of_a_corrected_price_is_what_the_rules_say() -> None:
    heading = "A line whose price was corrected before"
    first, lowered, again, back = (parts(row) for row in table(heading)[-4:])
    standing = first - lowered
    assert back == standing - shares_after(again, standing)
    corrected = Charged(Decimal(4), Decimal("20.00"), ZERO, ZERO, Decrease(Decimal("4.00"), lowered.cash))
    assert back.total == worth(corrected, Decimal(2))


def test_the_worked_part_that_would_grow_is_what_the_rule_says() -> None:
    first, stays, back = (parts(row) for row in table("When her part would grow")[-3:])
    assert stays == shares_after(Parts.of_cash(Decimal("10.00")), first)
    assert back == first - stays
