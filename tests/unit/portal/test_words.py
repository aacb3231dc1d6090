"""What the first page and the workbench say, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from consultations.models import Revisit, Slot
from encounters.models import Encounter
from portal.pages.presenters.clinic import sex_and_age, waited
from portal.pages.presenters.home import Figure, hello, queue_nodes
from portal.pages.presenters.visit import in_one_line, stated_allergies
from registry.models import Patient

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""12:00 in Hangzhou."""


@pytest.mark.parametrize(
    ("hour", "word"), [(0, "上午好"), (11, "上午好"), (12, "下午好"), (17, "下午好"), (18, "晚上好")]
)
def test_the_greeting_is_that_of_the_hour_in_hangzhou(hour: int, word: str) -> None:
    with override("zh-hans"):
        assert hello(NOON + timedelta(hours=hour - 12)) == word


@pytest.mark.parametrize(
    ("ahead", "nodes"),
    [
        (0, ["You"]),
        (1, ["No. 1", "You"]),
        (3, ["No. 1", "No. 2", "No. 3", "You"]),
        (7, ["No. 1", "…", "No. 7", "You"]),
    ],
)
def test_the_queue_is_drawn_with_at_most_four_nodes(ahead: int, nodes: list[str]) -> None:
    with override("en"):
        assert queue_nodes(ahead) == nodes


def test_the_words_of_a_figure_stand_on_both_sides_of_the_number() -> None:
    figure = Figure("您排在", "3", "第 {} 位")

    assert (figure.before, figure.after) == ("第", "位")


def waiting(*, starts: datetime, admitted: datetime | None) -> Revisit:
    """A visit in the queue."""
    return Revisit(slot=Slot(starts_at=starts), admitted_at=admitted)


@pytest.mark.parametrize(
    ("starts", "admitted", "minutes"),
    [(-20, -40, 20), (-20, -5, 5), (10, -40, None), (0, -40, 0)],
)
def test_waiting_is_counted_from_her_time_and_never_before_she_was_there(
    starts: int, admitted: int, minutes: int | None
) -> None:
    row = waiting(starts=NOON + timedelta(minutes=starts), admitted=NOON + timedelta(minutes=admitted))

    assert waited(row, NOON) == minutes


def test_sex_and_age_are_short_in_both_languages() -> None:
    woman = Patient(gender="2", born_on=date(1956, 3, 8))

    with override("zh-hans"):
        assert sex_and_age(woman, NOON) == "女 70"
    with override("en"):
        assert sex_and_age(woman, NOON) == "F 70"


@pytest.mark.parametrize(
    ("stated", "on_file", "shown"),
    [
        ("无", "", ""),
        ("None", "否认", ""),
        ("青霉素", "", "青霉素"),
        ("无", "磺胺", "磺胺"),
        ("青霉素", "青霉素", "青霉素"),
        ("青霉素", "磺胺", "青霉素、磺胺"),
    ],
)
def test_allergies_of_the_visit_and_of_the_file_are_shown_together(
    stated: str, on_file: str, shown: str
) -> None:
    with override("zh-hans"):
        assert stated_allergies(Encounter(allergies=stated, patient=Patient(allergies=on_file))) == shown


def test_names_in_a_row_are_parted_as_the_language_does_it() -> None:
    with override("zh-hans"):
        assert in_one_line(["甲", "乙"]) == "甲、乙"
    with override("en"):
        assert in_one_line(["a", "b"]) == "a, b"
