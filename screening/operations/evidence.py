"""What fraud rules count: devices that book, and traceability codes that are sold."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from encounters.models import Encounter
from kernel.crypto import fingerprint
from screening.models import DeviceSighting, TraceCodeUse


@transaction.atomic
def note_device(*, encounter_id: int, device: str, at: datetime) -> DeviceSighting | None:
    """Remember from which device a visit was booked; the first is kept. None without a device.

    ``device`` is whatever tells devices apart (address and browser); only its keyed fingerprint is kept.
    """
    if not device.strip():
        return None
    encounter = Encounter.objects.get(pk=encounter_id)
    seen, _is_new = DeviceSighting.objects.get_or_create(
        encounter=encounter,
        defaults={
            "patient_id": encounter.patient_id,
            "device": fingerprint(f"device:{device}"),
            "seen_at": at,
        },
    )
    return seen


@transaction.atomic
def sell_trace_codes(
    *, codes: Sequence[str], order_key: str, institution_code: str, at: datetime
) -> Sequence[TraceCodeUse]:
    """Note that packs with these codes leave the pharmacy for an order; the same sale twice notes it once.

    Screen the order with its ``trace_codes`` before: the database only refuses what slips through a race.

    Raises:
        IntegrityError: a code is out for another order.
    """
    mine = set(
        TraceCodeUse.objects.filter(code__in=codes, order_key=order_key, returned_at__isnull=True)
        .values_list("code", flat=True)
    )  # fmt: skip
    return TraceCodeUse.objects.bulk_create(
        TraceCodeUse(code=code, order_key=order_key, institution_code=institution_code, sold_at=at)
        for code in dict.fromkeys(codes)
        if code not in mine
    )


@transaction.atomic
def return_trace_codes(*, codes: Collection[str], order_key: str, at: datetime) -> int:
    """Note that packs came back, so that they may be sold again; returns how many were out."""
    out = TraceCodeUse.objects.filter(code__in=codes, order_key=order_key, returned_at__isnull=True)
    return out.update(returned_at=at)
