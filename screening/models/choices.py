"""Fixed lists of screening."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KindChoice(models.TextChoices):
    """What a rule looks at: the words of ``screening.rules.kinds.Kind``."""

    SEX = "sex", _("limited to one sex")
    AGE = "age", _("limited by age")
    INSURANCE_TYPE = "insurance_type", _("paid by another insurance")
    VISIT_MODE = "visit_mode", _("limited to a way of being treated")
    LEVEL = "level", _("limited to a level of hospital")
    COURSE = "course", _("limited in days of treatment")
    INDICATION = "indication", _("limited to diseases")
    SECOND_LINE = "second_line", _("second line only")
    CONTROLLED_ONLINE = "controlled_online", _("never ordered online")
    HERB_NEVER = "herb_never", _("herb that is never paid")
    HERB_ALONE = "herb_alone", _("herb that is not paid alone")
    DUPLICATE_CHARGE = "duplicate_charge", _("not charged together")
    FREQUENCY = "frequency", _("limited in frequency")
    ELSEWHERE = "elsewhere", _("same medicine from another institution")
    TRAVEL = "travel", _("impossible journey")
    DEVICE = "device", _("one device for many patients")
    PACE = "pace", _("many prescriptions in a minute")
    TRACE_CODE = "trace_code", _("traceability code used twice")
    REMAINING = "remaining", _("much is left of the last supply")


class EffectChoice(models.TextChoices):
    """What a finding does."""

    DENY = "deny", _("denies")
    WARN = "warn", _("warns")
    RECORD = "record", _("records")


class Grade(models.TextChoices):
    """How well a rule or a fact is known."""

    SOURCED = "S", _("from a published document")
    GENERAL = "G", _("general knowledge, not yet checked")
    DEMONSTRATION = "D", _("demonstration")


class MomentChoice(models.TextChoices):
    """When an order was looked at."""

    BEFORE_SIGNING = "before_signing", _("before signing")
    BEFORE_CHARGING = "before_charging", _("before charging")
    BEFORE_DISPENSING = "before_dispensing", _("before handing out")


class Outcome(models.TextChoices):
    """How a screening ended."""

    CLEAR = "clear", _("nothing found")
    ANSWERED = "answered", _("went on with reasons")
    STOPPED = "stopped", _("stopped")


class Asked(models.TextChoices):
    """What the insurer said of the same order (3101 or 3102)."""

    NOT_INSURED = "not_insured", _("not asked: she pays herself")
    NOT_KNOWN_THERE = "not_known_there", _("not asked: the visit is not registered there")
    NOT_ASKED = "not_asked", _("not asked")
    SILENT = "silent", _("asked, no answer in time: local rules only")
    REFUSED = "refused", _("asked, refused: local rules only")
    ANSWERED = "answered", _("answered")
