"""Columns for yuan and fractions, and ranges made of two columns."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import DateTimeRangeField, IntegerRangeField, RangeBoundary
from django.db import models
from django.db.models import Func, Value

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MOST_DECIMALS = 6
"""Of a unit price in yuan; 2204 takes as many."""


def yuan(label: "_StrOrPromise", help_text: "_StrOrPromise" = "") -> "models.DecimalField[Any, Any]":
    """A unit amount in yuan, up to six decimals, or nothing."""
    return models.DecimalField(
        label, max_digits=16, decimal_places=MOST_DECIMALS, null=True, blank=True, help_text=help_text
    )


def fraction(label: "_StrOrPromise", help_text: "_StrOrPromise" = "") -> "models.DecimalField[Any, Any]":
    """A fraction, 0.06 and never 6, or nothing."""
    return models.DecimalField(
        label, max_digits=9, decimal_places=6, null=True, blank=True, help_text=help_text
    )


class AgeRange(Func):
    """Ages in whole years, both ends included; a missing end is open."""

    function = "INT4RANGE"
    output_field = IntegerRangeField()

    def __init__(self, begin: str, end: str) -> None:
        """From two columns."""
        super().__init__(begin, end, Value("[]"))


class KnownRange(Func):
    """From when to when a row was what we knew; half-open, a missing end is open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()

    def __init__(self, begin: str, end: str) -> None:
        """From two columns."""
        super().__init__(begin, end, RangeBoundary())
