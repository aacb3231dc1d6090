"""What policy opens, abolishes and forbids."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pricing.models.documents import TariffDocument
from pricing.models.items import PriceItem, ServiceChoice
from pricing.rules.facts import ChargeRuleFact, OpeningFact, SuccessionFact
from pricing.rules.kinds import RuleKind, Service, Window
from pricing.rules.lookup import NATION

_SIX_DIGITS = RegexValidator(r"^\d{6}$", _("Six digits."))


class PolicyOpening(models.Model):
    """A document opens a service for a region (政策开关)."""

    service = models.CharField(_("service of the policy"), max_length=20, choices=ServiceChoice.choices)
    region_code = models.CharField(_("region (GB/T 2260)"), max_length=6, validators=[_SIX_DIGITS])
    document = models.ForeignKey(
        TariffDocument, on_delete=models.PROTECT, related_name="openings", verbose_name=_("document")
    )
    effective = DateRangeField(_("in force"))
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)

    class Meta:
        """One document at a time."""

        verbose_name = _("opening of a service")
        verbose_name_plural = _("openings of services")
        ordering = ["service", "region_code", "effective"]
        constraints = [
            ExclusionConstraint(
                name="policy_opening_once",
                expressions=[
                    ("service", RangeOperators.EQUAL),
                    ("region_code", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The service is already open there on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="policy_opening_begins",
                violation_error_message=_("An opening has a first day and ends after it."),
            ),
        ]

    def __str__(self) -> str:
        """Service and region."""
        return f"{self.get_service_display()} {self.region_code}"

    def facts(self) -> OpeningFact:
        """What the quote needs of this row; ``document`` must have been selected."""
        return OpeningFact(
            service=Service(self.service),
            region_code=self.region_code,
            begin=self.effective.lower,
            end=self.effective.upper,
            document_number=self.document.number,
            evidence_grade=self.document.evidence,
        )


class ItemSuccession(models.Model):
    """An item abolished in a region from a day on, and what takes its place (废止与映射)."""

    item = models.ForeignKey(
        PriceItem, on_delete=models.PROTECT, related_name="successions", verbose_name=_("item")
    )
    region_code = models.CharField(
        _("region (GB/T 2260)"), max_length=6, default=NATION, validators=[_SIX_DIGITS]
    )
    from_on = models.DateField(
        _("abolished from"), help_text=_("First day on which it is not charged any more.")
    )
    successor = models.ForeignKey(
        PriceItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("charged instead"),
    )
    document = models.ForeignKey(
        TariffDocument, on_delete=models.PROTECT, related_name="successions", verbose_name=_("document")
    )
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)

    class Meta:
        """Once for an item and a region."""

        verbose_name = _("abolished item")
        verbose_name_plural = _("abolished items")
        ordering = ["item", "region_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "region_code"],
                name="item_succession_once",
                violation_error_message=_("The item is already abolished there."),
            )
        ]

    def __str__(self) -> str:
        """Old and new."""
        return f"{self.item} → {self.successor or ''}"

    def facts(self) -> SuccessionFact:
        """What the quote needs of this row; its foreign rows must have been selected."""
        return SuccessionFact(
            item_code=self.item.code,
            region_code=self.region_code,
            from_on=self.from_on,
            successor_code=self.successor.code if self.successor else None,
            document_number=self.document.number,
        )


class RuleKindChoice(models.TextChoices):
    """What a rule forbids or asks; values of ``pricing.rules.kinds.RuleKind``."""

    EXCLUSION = "exclusion", _("not together")
    FREQUENCY = "frequency", _("at most so often")
    SHARED_QUOTA = "shared_quota", _("at most so often, all together")
    NEEDS_ANOTHER = "needs_another", _("only together with another")
    DAILY_TOTAL = "daily_total", _("at most so much money")


class WindowChoice(models.TextChoices):
    """Over which lines a rule looks; values of ``pricing.rules.kinds.Window``."""

    VISIT = "visit", _("one visit")
    DAY = "day", _("one calendar day")
    DAYS = "days", _("a number of days")
    HOUR = "hour", _("one clock hour")
    HOURS = "hours", _("a number of hours")
    COURSE = "course", _("one course of treatment")


_SAID = [
    "code", "kind", "text", "text_en", "region_code", "window", "window_length", "limit_quantity", "limit_amount",
    "document", "place", "recorded_at",
]  # fmt: skip


class ChargeRule(models.Model):
    """A rule between charged lines (收费规则), as a document says it; only its end may still be set."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=RuleKindChoice.choices)
    text = models.CharField(_("the rule in words"), max_length=300)
    text_en = models.CharField(_("the rule in words, in English"), max_length=400)

    region_code = models.CharField(
        _("region (GB/T 2260)"), max_length=6, default=NATION, validators=[_SIX_DIGITS]
    )
    window = models.CharField(_("window"), max_length=10, choices=WindowChoice.choices)
    window_length = models.PositiveSmallIntegerField(
        _("length of the window"), null=True, blank=True, help_text=_("Days or hours.")
    )
    limit_quantity = models.DecimalField(
        _("most units"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    limit_amount = models.DecimalField(_("most yuan"), max_digits=12, decimal_places=2, null=True, blank=True)
    subjects = models.ManyToManyField(PriceItem, related_name="rules_on", verbose_name=_("items"))
    partners = models.ManyToManyField(
        PriceItem, related_name="rules_beside", blank=True, verbose_name=_("other items")
    )

    document = models.ForeignKey(
        TariffDocument, on_delete=models.PROTECT, related_name="charge_rules", verbose_name=_("document")
    )
    place = models.CharField(_("place in the document"), max_length=100, blank=True)
    effective = DateRangeField(_("in force"))
    recorded_at = models.DateTimeField(_("recorded at"), editable=False)

    class Meta:
        """Each kind has what it needs."""

        verbose_name = _("charging rule")
        verbose_name_plural = _("charging rules")
        ordering = ["region_code", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["frequency", "shared_quota"], limit_quantity__gt=0, limit_amount__isnull=True
                )
                | Q(kind="daily_total", limit_amount__gte=0, limit_quantity__isnull=True)
                | Q(
                    kind__in=["exclusion", "needs_another"],
                    limit_quantity__isnull=True,
                    limit_amount__isnull=True,
                ),
                name="charge_rule_limits",
                violation_error_message=_("What this kind of rule needs is missing."),
            ),
            models.CheckConstraint(
                condition=Q(window__in=["days", "hours"], window_length__gte=1)
                | (~Q(window__in=["days", "hours"]) & Q(window_length__isnull=True)),
                name="charge_rule_window",
                violation_error_message=_("A window of days or hours says how many."),
            ),
            models.CheckConstraint(
                condition=Q(effective__isempty=False, effective__startswith__isnull=False),
                name="charge_rule_begins",
                violation_error_message=_("A rule has a first day and ends after it."),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="said_once", fields=_SAID),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        """Code and words."""
        return f"{self.code} {self.text}"

    def facts(self) -> ChargeRuleFact:
        """What the quote needs of this row; ``document`` selected, ``subjects`` and ``partners`` prefetched."""
        return ChargeRuleFact(
            code=self.code,
            kind=RuleKind(self.kind),
            region_code=self.region_code,
            window=Window(self.window),
            window_length=self.window_length,
            subjects=frozenset(item.code for item in self.subjects.all()),
            partners=frozenset(item.code for item in self.partners.all()),
            limit_quantity=self.limit_quantity,
            limit_amount=self.limit_amount,
            text=self.text,
            text_en=self.text_en,
            source=" ".join(filter(None, (self.document.number, self.place))),
            begin=self.effective.lower,
            end=self.effective.upper,
            evidence_grade=self.document.evidence,
        )
