"""Refusals beside the field they belong to."""

from django import forms
from django.utils.html import format_html

from kernel.errors import DomainError, Violation


def show_refusal(form: forms.BaseForm, error: DomainError) -> None:
    """Put every violation beside its field, or over the form when it belongs to none.

    Call it on a form that was bound and validated, so that what was typed is shown again.
    """
    if not error.violations:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
    for violation in error.violations:
        form.add_error(violation.field if violation.field in form.fields else None, words_of(violation))


def words_of(violation: Violation) -> str:
    """What is wrong, then the way on."""
    if not violation.way_on:
        return str(violation.message)
    return format_html("{} {}", violation.message, violation.way_on)
