"""Demonstration offers: both channels at every demonstration institution."""

from datetime import datetime

from django.db import transaction

from payments.models import Channel
from payments.operations.offering import set_offer
from registry.models import Institution


@transaction.atomic
def load(*, at: datetime) -> None:
    """Write down what would hold without a row, too, so that the page shows since when; may be repeated."""
    for institution in Institution.objects.filter(is_demonstration=True).order_by("pk"):
        for channel in Channel:
            set_offer(
                institution_id=institution.pk,
                channel=channel,
                is_offered=True,
                desktop_scene="",
                by=None,
                at=at,
            )
