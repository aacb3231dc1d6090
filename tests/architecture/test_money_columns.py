"""No float anywhere near money."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.architecture import programs
from tests.architecture.programs import ROOT


def _columns() -> list[models.Field]:
    return [
        field
        for app in settings.OWN_APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.Field)
    ]


def test_every_amount_is_a_decimal_with_two_places_or_a_unit_price_with_more() -> None:
    odd = [
        f"{field.model._meta.label}.{field.name}"
        for field in _columns()
        if field.name.endswith(("_amount", "_balance")) or field.name == "amount"
        if not (isinstance(field, models.DecimalField) and (field.decimal_places or 0) >= 2)
    ]
    assert odd == []


def test_there_are_amounts_to_look_at() -> None:
    assert len([field for field in _columns() if field.name.endswith("amount")]) > 15


def test_no_column_is_a_float() -> None:
    assert [str(field) for field in _columns() if isinstance(field, models.FloatField)] == []


def test_a_rate_is_a_fraction_with_room_for_it() -> None:
    rates = [field for field in _columns() if field.name.endswith("_rate")]
    assert rates
    for field in rates:
        assert isinstance(field, models.DecimalField), field


@pytest.mark.xdist_group("programs")
def test_no_program_makes_a_float() -> None:
    made = [f"{path.relative_to(ROOT)}:{call.lineno}" for path, call in programs.calls("float")]

    assert made == []


def test_keys_of_money_are_protected() -> None:
    loose = [
        f"{field.model._meta.label}.{field.name}"
        for field in _columns()
        if isinstance(field, models.ForeignKey)
        and field.model._meta.app_label in {"billing", "insurance", "payments", "checkout"}
        and field.remote_field.on_delete is not models.PROTECT
    ]
    assert loose == []
