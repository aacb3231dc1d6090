"""The channels, the ways to their cashiers, and which of them an institution offers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models import Institution


class Channel(models.TextChoices):
    """Who moves the money."""

    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")


class Scene(models.TextChoices):
    """How the person reaches the cashier: the first three lead to WeChat Pay's, the others to Alipay's."""

    H5 = "h5", _("on this phone")
    NATIVE = "native", _("by scanning a code")
    JSAPI = "jsapi", _("inside WeChat")
    WAP = "wap", _("on this phone, Alipay")
    PAGE = "page", _("on Alipay's page")
    PRECREATE = "precreate", _("by scanning a code, Alipay")


class ChannelOffer(models.Model):
    """Whether an institution takes money through a channel; without a row it does, where the platform has an account."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    is_offered = models.BooleanField(_("offered"), default=True)
    desktop_scene = models.CharField(
        _("way on a computer"),
        max_length=10,
        choices=Scene.choices,
        blank=True,
        help_text="empty: a code to scan; Alipay may also lead to its own page, another product of its contract",
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        """One row for an institution and channel."""

        verbose_name = _("payment channel offered")
        verbose_name_plural = _("payment channels offered")
        constraints = [
            models.UniqueConstraint(fields=["institution", "channel"], name="channel_offer_once"),
        ]

    def __str__(self) -> str:
        """Institution and channel."""
        return f"{self.institution_id} {self.channel}"
