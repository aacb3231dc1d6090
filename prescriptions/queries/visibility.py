"""Who may see which prescription, the drug search, and the rows that screens need."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import Role, User
from encounters.models import Encounter
from kernel.errors import NotFoundForYou
from prescriptions.models import Drug, Prescription, PrescriptionLine
from prescriptions.states import PASSED, PrescriptionState
from pricing.models import PriceItem
from pricing.queries import published_prices
from pricing.rules.facts import PriceFact
from registry.models import Institution, Patient, Practitioner
from registry.queries import patients_of, practitioner_of

SEARCH_LIMIT = 20


@dataclass(frozen=True, slots=True)
class DrugOffer:
    """A drug with its price of the day; ``price`` None when no document sets one."""

    drug: Drug
    price: PriceFact | None


def search_drugs(
    text: str, limit: int = SEARCH_LIMIT, *, institution: Institution | None = None, on: date | None = None
) -> list[DrugOffer]:
    """Drugs a doctor may choose, found by generic name, pinyin, initials or code; specially controlled ones never.

    Names that begin with the text come first. Prices are given when ``institution`` and ``on`` are.
    """
    if not text.strip():
        return []
    found = list(Drug.objects.selectable().matching(text).select_related("item")[: limit * 3])
    term = text.strip().lower()
    found.sort(
        key=lambda drug: (
            not drug.generic_name.startswith(text.strip()),
            term not in drug.search_key.split(" "),
            drug.pk,
        )
    )
    chosen = found[:limit]
    prices = prices_of(chosen, institution, on) if institution and on else {}
    return [DrugOffer(drug, prices.get(drug.pk)) for drug in chosen]


def prices_of(drugs: Iterable[Drug], institution: Institution, on: date) -> dict[int, PriceFact]:
    """Drug id to the price of one pack on a day; drugs without an amount are left out; two queries."""
    by_item = {drug.item_id: drug.pk for drug in drugs if drug.item_id}
    listed = published_prices(institution, on, PriceItem.objects.filter(pk__in=by_item))
    return {by_item[line.item.pk]: line.price for line in listed if line.price.amount is not None}


# --- Whose ------------------------------------------------------------------------------------------


def encounter_of_doctor(user: User, *, number: str = "", encounter_id: int | None = None) -> Encounter:
    """An encounter that this user receives as a doctor.

    Raises:
        NotFoundForYou: there is none, or another doctor's.
    """
    key = {"pk": encounter_id} if encounter_id is not None else {"number": number}
    doctor = practitioner_of(user)
    mine = (
        Encounter.objects.filter(practitioner=doctor, **key)
        if user.is_in_role(Role.DOCTOR)
        else Encounter.objects.none()
    )
    encounter = mine.select_related(
        "institution", "department", "practitioner", "patient", "known_disease"
    ).first()
    if encounter is None:
        raise NotFoundForYou
    return encounter


def pharmacist_of(user: User) -> Practitioner:
    """The pharmacist this user is.

    Raises:
        NotFoundForYou: he is none.
    """
    if not user.is_in_role(Role.PHARMACIST):
        raise NotFoundForYou
    return practitioner_of(user)


def _whole() -> QuerySet[Prescription]:
    return Prescription.objects.select_related(
        "encounter__patient", "encounter__department", "encounter__institution", "encounter__practitioner",
        "prescriber", "bill__checkout", "review__reviewer", "dispensed_by", "circulation",
    ).prefetch_related(
        Prefetch("lines", PrescriptionLine.objects.select_related("drug")), "findings",
        "encounter__record__diagnoses__code",
    )  # fmt: skip


def prescriptions_of(user: User) -> QuerySet[Prescription]:
    """What the patients of this user were prescribed, the newest first; of each the last signed version."""
    later = _signed().filter(number=OuterRef("number"), version__gt=OuterRef("version"))
    mine = _whole().filter(encounter__patient__in=patients_of(user), signed_at__isnull=False)
    return mine.filter(~Exists(later)).order_by("-created_at", "-pk")


def prescription_for(user: User, number: str) -> Prescription:
    """One of them.

    Raises:
        NotFoundForYou: there is none, or it is not of her patients.
    """
    prescription = prescriptions_of(user).filter(number=number).first()
    if prescription is None:
        raise NotFoundForYou
    return prescription


def prescription_for_review(user: User, number: str) -> Prescription:
    """The last signed version, for a pharmacist of the same institution.

    Raises:
        NotFoundForYou: there is none in his hospital, or he is no pharmacist.
    """
    pharmacist = pharmacist_of(user)
    here = _whole().filter(
        encounter__institution=pharmacist.institution_id, signed_at__isnull=False, number=number
    )
    prescription = here.order_by("-version").first()
    if prescription is None:
        raise NotFoundForYou
    return prescription


def prescription_readable_by(user: User, number: str) -> Prescription:
    """The last signed version, for whoever may read the note: the patient's people, its doctor, a pharmacist.

    Raises:
        NotFoundForYou: there is none, or none of these is the user.
    """
    ways = [
        (Role.PHARMACIST, prescription_for_review),
        (Role.DOCTOR, _of_doctor),
        (Role.PATIENT, prescription_for),
    ]
    for role, way in ways:
        if user.is_in_role(role):
            with suppress(NotFoundForYou):
                return way(user, number)
    raise NotFoundForYou


def _of_doctor(user: User, number: str) -> Prescription:
    written = _whole().filter(prescriber=practitioner_of(user), signed_at__isnull=False, number=number)
    prescription = written.order_by("-version").first()
    if prescription is None:
        raise NotFoundForYou
    return prescription


def _signed() -> QuerySet[Prescription]:
    return Prescription.objects.filter(signed_at__isnull=False).order_by()


# --- Lists ------------------------------------------------------------------------------------------


def review_queue(pharmacist: Practitioner | None = None) -> QuerySet[Prescription]:
    """What waits for a pharmacist, the longest waiting first; of one hospital when a pharmacist is given."""
    waiting = _whole().filter(state=PrescriptionState.SUBMITTED).order_by("signed_at", "pk")
    return waiting.filter(encounter__institution=pharmacist.institution_id) if pharmacist else waiting


def dispensing_queue(pharmacist: Practitioner) -> QuerySet[Prescription]:
    """What is paid and waits to be handed out, the longest waiting first."""
    paid = _whole().filter(state=PrescriptionState.PAID, encounter__institution=pharmacist.institution_id)
    return paid.order_by("paid_at", "pk")


def decided_by(pharmacist: Practitioner, since: datetime) -> QuerySet[Prescription]:
    """What this pharmacist has decided since a moment, the newest first."""
    mine = _whole().filter(review__reviewer=pharmacist, review__reviewed_at__gte=since)
    return mine.order_by("-review__reviewed_at")


def returned_to(doctor: Practitioner) -> QuerySet[Prescription]:
    """What pharmacists returned to this doctor and no newer version answers yet, the oldest first."""
    later = Prescription.objects.filter(number=OuterRef("number"), version__gt=OuterRef("version"))
    answered = later.exclude(state=PrescriptionState.DRAFT)
    returned = _whole().filter(state=PrescriptionState.RETURNED, prescriber=doctor)
    return returned.filter(~Exists(answered)).order_by("review__reviewed_at")


def past_prescriptions(patient: Patient) -> QuerySet[Prescription]:
    """What pharmacists have passed for this patient, the newest first."""
    passed = _whole().filter(encounter__patient=patient, state__in=sorted(PASSED))
    return passed.order_by("-effective_at", "-pk")


def versions_of(number: str) -> QuerySet[Prescription]:
    """The signed versions of a prescription, the newest first."""
    return _whole().filter(number=number, signed_at__isnull=False).order_by("-version")


def current_of(encounter: Encounter) -> Prescription | None:
    """The newest prescription of an encounter, whatever its state; None before the first."""
    return _whole().filter(encounter=encounter).order_by("-created_at", "-pk").first()
