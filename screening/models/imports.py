"""Published files of knowledge points: read first, taken afterwards, as a whole or not at all."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from screening.models.choices import Grade
from screening.models.rules import ScreeningRule
from screening.states import ImportState

_STATES = [(state.value, state.value) for state in ImportState]


class KnowledgeImport(models.Model):
    """An uploaded file; nothing of it counts before it is taken."""

    rule = models.ForeignKey(ScreeningRule, on_delete=models.PROTECT, related_name="imports")
    batch = models.CharField(_("batch"), max_length=20, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    grade = models.CharField(_("evidence"), max_length=1, choices=Grade.choices)

    state = models.CharField(_("state"), max_length=20, choices=_STATES)
    read_points = models.JSONField(default=list, help_text="what ``screening.rules.knowledge_file`` read")
    point_count = models.PositiveIntegerField(_("points"), default=0)
    code_count = models.PositiveIntegerField(_("codes"), default=0)
    faults = models.JSONField(default=list, help_text="[{sheet, cell, typed, zh, en}]")

    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    taken_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)

    class Meta:
        """The newest first."""

        verbose_name = _("import of knowledge points")
        verbose_name_plural = _("imports of knowledge points")
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Its file."""
        return self.file_name
