"""Why money goes back is kept once and read in each reader's language."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import translation

from consultations import operations
from consultations.models import Slot
from kernel import clock
from payments.models import Refund
from registry.models import Guardianship
from tests.factories.consultations import Booking, booking

pytestmark = pytest.mark.django_db

IN_ENGLISH, IN_CHINESE = "You cancelled the visit.", "您取消了就诊"


@pytest.fixture
def cancelled(slot: Slot, guardianship: Guardianship, settings: Any, tmp_path: Path) -> Booking:
    """Paid, and given up on an English page."""
    settings.MEDIA_ROOT = tmp_path
    visit = booking(slot, at=clock.now(), right=guardianship).prepare().price().pay()
    with translation.override("en"):
        operations.cancel(revisit_id=visit.revisit.pk, by=visit.user, at=visit.at)
    return visit


@pytest.mark.parametrize(
    ("language", "words", "others"), [("zh-hans", IN_CHINESE, IN_ENGLISH), ("en", IN_ENGLISH, IN_CHINESE)]
)
def test_the_reason_is_read_in_the_language_of_the_page(
    language: str, words: str, others: str, cancelled: Booking, client: Client
) -> None:
    client.force_login(cancelled.user)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(f"/pay/{cancelled.checkout.bill.number}/").content.decode()
    assert words in page
    assert others not in page


def test_the_channel_is_told_the_reason_in_chinese(cancelled: Booking) -> None:
    assert IN_CHINESE in Refund.objects.get().reason


def test_who_cancels_too_late_reads_a_sentence(
    slot: Slot, guardianship: Guardianship, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    visit = booking(slot, at=clock.now(), right=guardianship).prepare().price().pay().begin()
    client.force_login(visit.user)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.post(f"/visits/{visit.number}/cancel/", follow=True).content.decode()
    assert "This step is not possible any more." in page
    assert "in_progress" not in page
