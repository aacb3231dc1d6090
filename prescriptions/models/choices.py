"""Fixed lists of the catalogue and of prescriptions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpecialClass(models.TextChoices):
    """Classes that must not be prescribed online (P-01)."""

    NARCOTIC = "narcotic", _("narcotic")
    PSYCHOTROPIC_1 = "psychotropic_1", _("psychotropic class 1")
    PSYCHOTROPIC_2 = "psychotropic_2", _("psychotropic class 2")
    TOXIC = "toxic", _("toxic for medical use")
    RADIOACTIVE = "radioactive", _("radioactive")
    PRECURSOR = "precursor", _("precursor")
    HIGH_RISK = "high_risk", _("high risk, not for online use")


class EvidenceGrade(models.TextChoices):
    """How well a dose limit or a rule is known."""

    KNOWLEDGE_FILE = "KB", _("from a drug knowledge file")
    GENERAL = "G", _("needs a pharmacist's check")


class Form(models.TextChoices):
    """Dosage forms (CV08.50.002, those of the catalogue)."""

    TABLET = "tablet", _("tablets")
    ENTERIC_TABLET = "enteric_tablet", _("enteric tablets")
    SLOW_TABLET = "slow_tablet", _("slow-release tablets")
    CHEWABLE = "chewable", _("chewable tablets")
    CAPSULE = "capsule", _("capsules")
    SOFT_CAPSULE = "soft_capsule", _("soft capsules")
    ENTERIC_CAPSULE = "enteric_capsule", _("enteric capsules")
    SLOW_CAPSULE = "slow_capsule", _("slow-release capsules")
    POWDER_INHALER = "powder_inhaler", _("powder inhaler")
    AEROSOL = "aerosol", _("inhalation aerosol")
    INJECTION = "injection", _("injection")
    PATCH = "patch", _("patch")


class Unit(models.TextChoices):
    """What is counted when a dose is taken."""

    TABLET = "tablet", _("tablet")
    CAPSULE = "capsule", _("capsule")
    PUFF = "puff", _("inhalation")
    PEN = "pen", _("pen")
    AMPOULE = "ampoule", _("ampoule")
    PATCH = "patch", _("patch")


class Pack(models.TextChoices):
    """What is sold."""

    BOX = "box", _("box")
    BOTTLE = "bottle", _("bottle")
    PEN = "pen", _("pen")


class DoseUnit(models.TextChoices):
    """Legal units of a dose; the values are what is printed."""

    MILLIGRAM = "mg", "mg"
    GRAM = "g", "g"
    MICROGRAM = "µg", "µg"
    UNIT = "U", "U"
    PUFF = "puff", _("inhalation")


class Route(models.TextChoices):
    """Routes (CV06.00.102, those of the catalogue)."""

    ORAL = "oral", _("by mouth")
    INHALED = "inhaled", _("inhaled")
    SUBCUTANEOUS = "subcutaneous", _("under the skin")
    INTRAVENOUS = "intravenous", _("into a vein")
    TRANSDERMAL = "transdermal", _("on the skin")


class Timing(models.TextChoices):
    """When in the day."""

    MORNING = "morning", _("in the morning")
    MORNING_AND_EVENING = "morning_evening", _("in the morning and the evening")
    EVENING = "evening", _("in the evening")
    BEDTIME = "bedtime", _("at bedtime")
    EMPTY_STOMACH = "empty_stomach", _("on an empty stomach")
    BEFORE_MEALS = "before_meals", _("before meals")
    WITH_MEALS = "with_meals", _("with meals")
    AFTER_MEALS = "after_meals", _("after meals")


class Confirmation(models.TextChoices):
    """What the doctor confirms for a long-term prescription (P-09), and beyond four weeks (P-08)."""

    DIAGNOSIS_CLEAR = "diagnosis_clear", _("The diagnosis is clear.")
    PLAN_STABLE = "plan_stable", _("The medicines and doses have been stable.")
    ADHERENCE_GOOD = "adherence_good", _("The patient takes them as prescribed.")
    CONTROLLED = "controlled", _("The disease is controlled.")
    NEEDED_LONG = "needed_long", _("The medicines are needed for long.")
    PATIENT_TAUGHT = "patient_taught", _("The patient was taught what to watch for.")
    PATIENT_AGREED = "patient_agreed", _("The patient agrees to more than four weeks.")


class ReturnReason(models.TextChoices):
    """Why a pharmacist returns a prescription (three checks: right, form, fitness)."""

    INDICATION = "indication", _("does not fit the diagnosis")
    DOSE = "dose", _("dose or frequency")
    INTERACTION = "interaction", _("interaction")
    CONTRAINDICATION = "contraindication", _("contraindication or allergy")
    DUPLICATE = "duplicate", _("the same medicine twice")
    DAYS = "days", _("days of supply or missing reason")
    OUT_OF_STOCK = "out_of_stock", _("not in stock")
    FORM = "form", _("incomplete or unclear")
    OTHER = "other", _("other")


class DispenseCheck(models.TextChoices):
    """Four checks and ten comparisons before a medicine is handed out (四查十对).

    Source: 处方管理办法 (四查十对).
    """

    DEPARTMENT = "department", _("department of the visit")
    NAME = "name", _("name of the patient")
    AGE = "age", _("age of the patient")
    DRUG_NAME = "drug_name", _("name of the medicine")
    FORM = "form", _("dosage form")
    STRENGTH = "strength", _("strength")
    QUANTITY = "quantity", _("quantity")
    APPEARANCE = "appearance", _("appearance")
    USAGE = "usage", _("usage and dose")
    DIAGNOSIS = "diagnosis", _("clinical diagnosis")
