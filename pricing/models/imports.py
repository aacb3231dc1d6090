"""Files of prices on their way into a draft: read first, taken afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from pricing.models.revisions import PriceRevision
from pricing.states import ImportState

_STATES = [(state.value, state.value) for state in ImportState]


class PriceImport(models.Model):
    """An uploaded table; nothing of it is in the draft before it is taken, and then all of it is."""

    revision = models.ForeignKey(
        PriceRevision, on_delete=models.CASCADE, related_name="imports", verbose_name=_("price revision")
    )
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    state = models.CharField(_("state"), max_length=20, choices=_STATES, default=ImportState.WAITING)
    done_rows = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(
        null=True, help_text=_("As far as the file says how many rows it has.")
    )
    rows = models.JSONField(default=list)
    """Number of the row in the file and its texts by column, as ``pricing.rules.price_table`` reads them."""
    faults = models.JSONField(default=dict)
    """By language: cell, column, what was typed, what is wrong, what to do."""

    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)

    class Meta:
        """The newest first."""

        verbose_name = _("import of prices")
        verbose_name_plural = _("imports of prices")
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Its file."""
        return self.file_name
