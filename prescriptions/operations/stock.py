"""Packs: reserved when a prescription takes effect, taken off the stock when it is paid."""

from collections import Counter

from prescriptions.models import Drug, Prescription


def packs_of(prescription: Prescription) -> dict[int, int]:
    """Drug id to packs of all its lines."""
    packs: Counter[int] = Counter()
    for line in prescription.lines.all():
        packs[line.drug_id] += line.packs
    return dict(packs)


def locked(prescription: Prescription) -> dict[int, Drug]:
    """The drugs of a prescription, locked in one order so that two prescriptions never wait for each other."""
    wanted = Drug.objects.filter(pk__in=packs_of(prescription))
    return {drug.pk: drug for drug in wanted.select_for_update(no_key=True).order_by("pk")}


def reserve(prescription: Prescription, drugs: dict[int, Drug]) -> None:
    """Promise the packs to this prescription; the caller holds the lock and has seen that there are enough."""
    _change(prescription, drugs, reserved=1, stock=0)


def release(prescription: Prescription) -> None:
    """Give up the promise: it was not paid."""
    _change(prescription, locked(prescription), reserved=-1, stock=0)


def take(prescription: Prescription) -> None:
    """Paid: the promised packs leave the stock."""
    _change(prescription, locked(prescription), reserved=-1, stock=-1)


def put_back(prescription: Prescription) -> None:
    """The money of a paid prescription went back before anything was handed out."""
    _change(prescription, locked(prescription), reserved=0, stock=1)


def _change(prescription: Prescription, drugs: dict[int, Drug], *, reserved: int, stock: int) -> None:
    for drug_id, packs in packs_of(prescription).items():
        drug = drugs[drug_id]
        drug.reserved += reserved * packs
        drug.stock += stock * packs
        drug.save(update_fields=["reserved", "stock"])
