"""Who may see which encounter and paper, the search for diagnoses, and the rows that screens need."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import Role, User
from encounters import rules
from encounters.models import (
    Consent,
    ConsentDocument,
    DiagnosisCode,
    Encounter,
    FirstVisitProof,
    MedicalRecord,
    ProofFile,
    ProofKind,
)
from kernel.errors import NotFoundForYou, Violation
from registry.models import Patient, Practitioner
from registry.queries import patients_of, practitioner_of

COMMON_GROUPS = ("高血压", "糖尿病", "冠心病", "血脂异常", "脑血管病", "呼吸", "甲状腺")
"""Shown before anything is typed, in this order; ours."""


# --- Diagnoses --------------------------------------------------------------------------------------


def search_diagnoses(text: str, limit: int = 20, *, online_only: bool = False) -> list[DiagnosisCode]:
    """Diseases whose name, everyday name, group, pinyin or code fits what was typed, the best first.

    Nothing typed gives the diseases of the most common groups. ``online_only`` leaves out what may not be
    treated online.
    """
    codes = DiagnosisCode.objects.all()
    if online_only:
        codes = codes.filter(is_open_online=True)
    term = "".join(text.split()).lower()
    if not term:
        common = codes.filter(group__in=COMMON_GROUPS, is_open_online=True)
        return list(common.order_by(_place(COMMON_GROUPS), "pk")[:limit])
    english = " ".join(text.split())
    matching = Q(name__icontains=term) | Q(aliases__icontains=term) | Q(pinyin__contains=term)
    matching |= Q(group__icontains=term) | Q(name_en__icontains=english) | _code_begins(term)
    return list(codes.filter(matching).order_by(_rank(term, english), "is_open_online", "pk")[:limit])


def _place(groups: tuple[str, ...]) -> Case:
    places = [When(group=group, then=Value(place)) for place, group in enumerate(groups)]
    return Case(*places, default=Value(len(groups)), output_field=IntegerField())


def _code_begins(term: str) -> Q:
    return Q(clinical_code__istartswith=term) | Q(insurance_code__istartswith=term)


def _rank(term: str, english: str) -> Case:
    """0 the very name or code, 1 beginnings, 2 everyday names and groups, 3 anywhere inside."""
    exact = Q(name__iexact=term) | Q(clinical_code__iexact=term) | Q(name_en__iexact=english)
    exact |= Q(pinyin=term) | Q(pinyin__startswith=f"{term} ")
    begins = Q(name__istartswith=term) | Q(pinyin__startswith=term) | Q(pinyin__contains=f" {term}")
    begins |= _code_begins(term) | Q(name_en__istartswith=english)
    also = Q(aliases__icontains=term) | Q(group=term)
    return Case(
        When(exact, then=Value(0)),
        When(also, then=Value(1)),
        When(begins, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


# --- Encounters -------------------------------------------------------------------------------------


def encounters_of(user: User) -> QuerySet[Encounter]:
    """Encounters of the patients this user acts for, the newest first."""
    return Encounter.objects.filter(patient__in=patients_of(user)).order_by("-service_on", "-pk")


def encounter_for(user: User, encounter_id: int) -> Encounter:
    """One of them.

    Raises:
        NotFoundForYou: there is none, or it is not of her patients.
    """
    related = ("institution", "department", "practitioner", "patient", "known_disease")
    encounter = encounters_of(user).filter(pk=encounter_id).select_related(*related).first()
    if encounter is None:
        raise NotFoundForYou
    return encounter


def encounter_of_doctor(user: User, encounter_id: int) -> Encounter:
    """An encounter this user receives as its practitioner.

    Raises:
        NotFoundForYou: there is none, it is another doctor's, or she does not practise any more.
    """
    related = ("institution", "department", "practitioner", "patient", "known_disease")
    mine = Encounter.objects.filter(practitioner=practitioner_of(user), pk=encounter_id)
    encounter = mine.select_related(*related).first()
    if encounter is None:
        raise NotFoundForYou
    return encounter


def history_of(patient: Patient, before: datetime) -> QuerySet[Encounter]:
    """Earlier encounters with a signed record, the newest first; a constant number of queries."""
    earlier = Encounter.objects.filter(patient=patient, opened_at__lt=before, record__signed_at__isnull=False)
    whole = earlier.select_related("record", "department", "practitioner", "institution")
    return whole.prefetch_related("record__diagnoses__code").order_by("-service_on", "-pk")


# --- Proof ------------------------------------------------------------------------------------------


def signed_records_of(patient: Patient) -> QuerySet[MedicalRecord]:
    """Records of a patient that this hospital holds and a doctor has signed, the newest first."""
    signed = MedicalRecord.objects.filter(encounter__patient=patient, signed_at__isnull=False)
    whole = signed.select_related("encounter__institution", "encounter__department", "written_by")
    return whole.prefetch_related("diagnoses__code").order_by("-encounter__service_on", "-pk")


def own_records_of(patient: Patient, on: date, window_days: int | None = None) -> QuerySet[MedicalRecord]:
    """Those that may prove a re-diagnosis on a day: at most ``window_days`` old (default: the setting)."""
    days = settings.REVISIT_PROOF_WINDOW_DAYS if window_days is None else window_days
    since = on - timedelta(days=days)
    return signed_records_of(patient).filter(encounter__service_on__range=(since, on))


def proof_file_for(user: User, file_id: int) -> ProofFile:
    """A paper: for those who act for the patient, the doctor of the encounter, and pharmacists there.

    Raises:
        NotFoundForYou: there is none, or it is not for this user.
    """
    guardian = Q(encounter__patient__in=patients_of(user))
    doctor = Q(encounter__practitioner__user=user, encounter__practitioner__is_active=True)
    allowed = guardian | doctor
    if user.is_in_role(Role.PHARMACIST):
        places = Practitioner.objects.filter(user=user, is_active=True, profession="pharmacist")
        allowed |= Q(encounter__institution__in=places.values("institution"))
    file = ProofFile.objects.filter(allowed, pk=file_id).first()
    if file is None:
        raise NotFoundForYou
    return file


def proof_facts_of(encounter: Encounter) -> rules.ProofFacts | None:
    """What is stated and whether a paper is there; None before anything was stated."""
    proof = FirstVisitProof.objects.filter(encounter=encounter).select_related("disease").first()
    if proof is None:
        return None
    is_own = proof.kind == ProofKind.OWN_RECORD
    has_paper = is_own or ProofFile.objects.filter(encounter=encounter).exists()
    return rules.ProofFacts(proof.disease.category, proof.diagnosed_on, proof.kind, has_paper)


def missing_before_payment(encounter: Encounter, on: date) -> list[Violation]:
    """Everything that must still be done before the visit may be paid or begun (V-02 to V-12, C-01, C-03)."""
    disease, phone = encounter.known_disease, encounter.institution.phone
    found = rules.complaint_violations(
        complaint=encounter.complaint,
        allergies=encounter.allergies,
        current_medicines=encounter.current_medicines,
    )
    if disease is not None:
        found += rules.disease_violations(is_open_online=disease.is_open_online, phone=phone)
    found += rules.proof_violations(
        known_category=disease.category if disease else "",
        proof=proof_facts_of(encounter),
        on=on,
        window_days=settings.REVISIT_PROOF_WINDOW_DAYS,
        phone=phone,
    )
    return found + rules.consent_violations(is_signed=Consent.objects.filter(encounter=encounter).exists())


# --- Consent ----------------------------------------------------------------------------------------


def current_consent_document(on: date) -> ConsentDocument | None:
    """The consent text in force on a day; None before the hospital has published one."""
    published = ConsentDocument.objects.filter(kind="online_revisit", in_force_from__lte=on)
    return published.order_by("-in_force_from", "-version").first()
