"""A visit that cannot be called off keeps the money of no other patient back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from consultations.models import Slot
from consultations.operations import close_missed, visits
from consultations.states import RevisitState
from kernel import clock
from registry.models import Practitioner
from tests.factories import consultations as factories
from tests.factories.consultations import booking

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(doctor: Practitioner) -> Slot:
    """Two places."""
    return factories.slot(doctor, starts_at=clock.now() - timedelta(minutes=5), places=2)


def test_the_others_are_called_off(
    slot: Slot, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    bad, good = (booking(slot, at=clock.now()).prepare().price().pay() for _place in range(2))
    call_off = visits.call_off

    def fail_once(*, revisit_id: int, **rest: Any) -> None:
        if revisit_id == bad.revisit.pk:
            raise ValueError("a row that nobody foresaw")
        call_off(revisit_id=revisit_id, **rest)

    monkeypatch.setattr(visits, "call_off", fail_once)
    close_missed(at=clock.now() + timedelta(days=2))
    assert good.now().state == RevisitState.MISSED
    assert bad.now().state == RevisitState.WAITING
