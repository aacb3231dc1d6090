"""The demonstration's data can be loaded again and again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command

from accounts.models import User
from consultations.models import Slot
from finance.queries.payouts import debts
from kernel import clock

TARIFFS = sorted((Path(settings.BASE_DIR) / "pricing" / "tariffs").glob("*.yaml"))


def counted() -> dict[str, int]:
    """Rows of every own model."""
    return {
        model._meta.label: model._default_manager.count()
        for app in settings.OWN_APPS
        for model in apps.get_app_config(app).get_models()
    }


@pytest.mark.django_db
def test_loading_twice_adds_nothing(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    call_command("load_tariff", *map(str, TARIFFS), verbosity=0)
    call_command("load_demo")
    once = counted()

    call_command("load_demo")

    assert counted() == once
    assert once["consultations.Slot"] > 0
    assert once["prescriptions.Drug"] >= 20
    # A payout can be tried: another hospital is owed something that counts since yesterday, and is marked as invented.
    (owed,) = debts(through=clock.day_of(clock.now()) - timedelta(days=1))
    assert owed.amount > 0
    assert owed.payee.is_demonstration


@pytest.mark.django_db
def test_every_account_is_written_down_for_whoever_tries_it(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    call_command("load_tariff", *map(str, TARIFFS), verbosity=0)

    call_command("load_demo")

    listed = (tmp_path / "demo-accounts.txt").read_text()
    assert "doctor01" in listed
    assert "pharmacist01" in listed
    assert "138 0000 0001" in listed


@pytest.mark.django_db
def test_invented_people_are_loaded_into_a_demonstration_only(settings: LazySettings) -> None:
    settings.IS_DEMO = False

    with pytest.raises(CommandError):
        call_command("load_demo")

    assert not User.objects.exists()
    assert not Slot.objects.exists()
