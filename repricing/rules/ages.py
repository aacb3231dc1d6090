"""Age groups of patients, in whole years on the day of the service."""

from bisect import bisect_right

BEGINNINGS = (7, 18, 45, 60, 75)
"""First age of each group after the first.

Source: a child is 6 or younger (S12 in docs/algorithms/pricing.md); 18 and 60 are the ages of majority and of an older
person in law (民法典 第十七条, 老年人权益保障法 第二条; general knowledge); 45 and 75 are ours.
"""


def group_of(age: int) -> int:
    """Number of the group, from 0 for the youngest."""
    return bisect_right(BEGINNINGS, age)


def bounds_of(group: int) -> tuple[int, int | None]:
    """First and last age of a group, both included; the last group is open."""
    first = BEGINNINGS[group - 1] if group else 0
    return first, BEGINNINGS[group] - 1 if group < len(BEGINNINGS) else None


GROUPS = tuple(range(len(BEGINNINGS) + 1))
