"""Demonstration data: the drug catalogue with invented stock."""

from datetime import datetime

from prescriptions import operations

_SHOWN = {"XC08CADEMO001": 312, "XC09CADEMO004": 96, "XC10AADEMO020": 188}
"""Stock that the guided tour mentions."""


def load(*, at: datetime) -> None:
    """Load what is missing; loading again changes nothing."""
    drugs = operations.drugs_in_files()
    stock = {drug["code"]: 60 + position * 37 % 260 for position, drug in enumerate(drugs, start=1)}
    operations.load_catalogue(drugs=drugs, stock=stock | _SHOWN, by=None, at=at)
