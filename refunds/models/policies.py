"""What is given back when: a row of the hospital's own takes the place of the shipped policy."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from refunds.rules.situations import Gives, PolicyFacts, Situation


class SituationChoice(models.TextChoices):
    """Why money goes back, for people who work with it."""

    DOCTOR_REFUSES = Situation.DOCTOR_REFUSES.value, _("the doctor refuses or stops the visit")
    DOCTOR_AWAY = Situation.DOCTOR_AWAY.value, _("the doctor did not come the same day")
    PLACE_LOST = Situation.PLACE_LOST.value, _("paid when the place was given back already")
    CANCELLED_BEFORE = Situation.CANCELLED_BEFORE.value, _("she cancels before the time of the visit")
    CANCELLED_DURING = (
        Situation.CANCELLED_DURING.value,
        _("she cancels in the time of the visit, the doctor has not begun"),
    )
    CANCELLED_AFTER = Situation.CANCELLED_AFTER.value, _("she cancels after the time of the visit")
    SILENT_VISIT = Situation.SILENT_VISIT.value, _("the doctor accepted and never answered")
    NOT_HANDED_OUT = Situation.NOT_HANDED_OUT.value, _("medicines that were not handed out")
    QUALITY_FAULT = Situation.QUALITY_FAULT.value, _("a medicine with a fault, after it was handed out")
    HOSPITAL_FAULT = Situation.HOSPITAL_FAULT.value, _("charged by mistake")
    INSTITUTION_REFUSES = Situation.INSTITUTION_REFUSES.value, _("the hospital refuses a visit at home")
    NURSE_SET_OUT = Situation.NURSE_SET_OUT.value, _("she cancels when the nurse has set out")
    NURSE_ARRIVED = Situation.NURSE_ARRIVED.value, _("she cancels when the nurse has arrived")
    NOT_SETTLED = Situation.NOT_SETTLED.value, _("the insurance did not settle")
    LATE_PAYMENT = Situation.LATE_PAYMENT.value, _("paid after the bill was closed")
    LINES_RETURNED = Situation.LINES_RETURNED.value, _("lines returned by the insurance office")
    PRICE_CORRECTED = Situation.PRICE_CORRECTED.value, _("a price was corrected")


class GivesChoice(models.TextChoices):
    """How much."""

    EVERYTHING = Gives.EVERYTHING.value, _("everything")
    NOTHING = Gives.NOTHING.value, _("nothing")
    ALL_BUT_ONSITE_FEE = Gives.ALL_BUT_ONSITE_FEE.value, _("everything but the on-site fee")
    CHOSEN = Gives.CHOSEN.value, _("what a person names")


class Grade(models.TextChoices):
    """How well a policy is founded."""

    SEEN = "S", _("read in the document named, or in a report of it")
    GENERAL = "G", _("general knowledge")
    OURS = "O", _("ours")


class RefundPolicy(models.Model):
    """What goes back in one situation, on which source."""

    situation = models.CharField(_("situation"), max_length=30, choices=SituationChoice.choices, unique=True)
    gives = models.CharField(_("gives back"), max_length=20, choices=GivesChoice.choices)
    is_automatic = models.BooleanField(_("without asking anybody"), default=False)
    always_second_person = models.BooleanField(_("a second person whatever the amount"), default=False)
    source = models.CharField(_("source"), max_length=300)
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        """One policy for a situation."""

        verbose_name = _("refund policy")
        verbose_name_plural = _("refund policies")
        ordering = ["situation"]

    def __str__(self) -> str:
        """Its situation."""
        return self.get_situation_display()

    def facts(self) -> PolicyFacts:
        """Plain values for the rules."""
        return PolicyFacts(
            situation=Situation(self.situation),
            gives=Gives(self.gives),
            is_automatic=self.is_automatic,
            always_second_person=self.always_second_person,
            source=self.source,
            grade=self.grade,
        )
