"""Whether an online visit is a re-diagnosis: V-02, V-03, V-04 and V-12."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from encounters.rules.diseases import category_of, offline_way
from kernel.errors import Violation

COMPLAINT_LENGTH = 4
"""Fewer characters tell a doctor nothing; ours."""
TEXT_LENGTH = 500
"""Source: supervision interface of Tianjin 2.2.10, longest text of a record."""
_V02 = "互联网诊疗管理办法（试行）第十六条"
_V03 = "互联网诊疗管理办法（试行）第十六条；互联网医院管理办法（试行）第二十条"
_V04 = "互联网诊疗监管细则（试行）: 门诊病历、住院病历、出院小结、诊断证明"
_V12 = "no national number; the hospital sets it (REVISIT_PROOF_WINDOW_DAYS)"
_OURS = "ours"


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What is stated about the earlier diagnosis, and whether a paper of it is there."""

    disease_category: str
    """ICD-10 category of the disease in the paper."""
    diagnosed_on: date
    kind: str
    has_files_or_record: bool


def proof_violations(
    *, known_category: str, proof: ProofFacts | None, on: date, window_days: int, phone: str
) -> list[Violation]:
    """Every reason why the proof does not show a re-diagnosis on a day; empty when it does.

    ``window_days`` counts from the diagnosis: a proof exactly so many days old is accepted. ``phone`` is
    the hospital's and may be empty.
    """
    way = offline_way(phone)
    if proof is None:
        return [_first_visit(way)]
    found: list[Violation] = []
    if category_of(known_category) != category_of(proof.disease_category):
        message = gettext_lazy("The paper names another disease than the one you want to be seen for.")
        found.append(Violation("V-03", message, way, field="disease_id", source=_V03))
    if not proof.has_files_or_record:
        found.append(_no_paper())
    return found + _age_violations(proof.diagnosed_on, on=on, window_days=window_days, way=str(way))


def _first_visit(way: object) -> Violation:
    message = gettext_lazy(
        "Online we may only see you again for a disease that a hospital has already diagnosed; this would be a first visit."
    )
    return Violation("V-02", message, str(way), field="kind", source=_V02)


def _no_paper() -> Violation:
    return Violation(
        "V-04",
        gettext_lazy("There is no paper of the diagnosis yet."),
        gettext_lazy(
            "Add a photograph or PDF of an outpatient or inpatient record, a discharge summary or a diagnosis certificate."
        ),
        field="files",
        source=_V04,
    )


def _age_violations(diagnosed_on: date, *, on: date, window_days: int, way: str) -> list[Violation]:
    age = (on - diagnosed_on).days
    if age < 0:
        message = gettext_lazy("The day of the diagnosis is in the future.")
        correct = gettext_lazy("Enter the day that stands on the paper.")
        return [Violation("V-12", message, correct, field="diagnosed_on", source=_OURS)]
    if age > window_days:
        text = _("The diagnosis is %(age)d days old; online we accept at most %(days)d days.")
        return [
            Violation(
                "V-12", text % {"age": age, "days": window_days}, way, field="diagnosed_on", source=_V12
            )
        ]
    return []


def complaint_violations(*, complaint: str, allergies: str, current_medicines: str) -> list[Violation]:
    """What she has to say before a doctor can judge; the texts are stripped. "None" is an answer."""
    found: list[Violation] = []
    if len(complaint) < COMPLAINT_LENGTH:
        text = _("Describe in at least %(count)d characters how you are.") % {"count": COMPLAINT_LENGTH}
        found.append(Violation("C-03", text, field="complaint", source=_OURS))
    if not allergies:
        message = gettext_lazy("Say what you are allergic to; write “none” if you know of nothing.")
        found.append(Violation("C-03", message, field="allergies", source="处方审核规范: 过敏史"))
    texts = {"complaint": complaint, "allergies": allergies, "current_medicines": current_medicines}
    return found + length_violations(texts)


def length_violations(texts: dict[str, str]) -> list[Violation]:
    """Texts by field that are longer than the supervision interface takes."""
    message = _("At most %(count)d characters.") % {"count": TEXT_LENGTH}
    return [
        Violation("C-03", message, field=field, source="TJ 2.2.10")
        for field, text in texts.items()
        if len(text) > TEXT_LENGTH
    ]


def consent_violations(*, is_signed: bool) -> list[Violation]:
    """C-01: without consent no visit is paid or begun."""
    if is_signed:
        return []
    message = gettext_lazy("The consent is not signed yet.")
    way = gettext_lazy("Please read it and sign with your name.")
    return [Violation("C-01", message, way, field="signed_name", source="互联网医院管理办法（试行）第十八条")]
