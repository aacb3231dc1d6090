"""The conversation, kept in the database; the websocket only rings the bell."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.revisits import Revisit


class MessageKind(models.TextChoices):
    """What a message is."""

    TEXT = "text", _("text")
    PICTURE = "picture", _("picture")
    NOTICE = "notice", _("notice of the system")


class ChatMessage(models.Model):
    """One message; ``number`` orders a conversation without holes, ``client_key`` makes sending idempotent."""

    revisit = models.ForeignKey(Revisit, on_delete=models.PROTECT, related_name="messages")
    number = models.PositiveIntegerField()
    client_key = models.UUIDField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_from_doctor = models.BooleanField(default=False)
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    text = models.CharField(max_length=2000, blank=True)
    picture = models.FileField(upload_to="chat/", blank=True)
    picture_type = models.CharField(max_length=50, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        """Delivered once, in order."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["revisit", "number"], name="chat_number_once"),
            models.UniqueConstraint(fields=["revisit", "client_key"], name="chat_client_key_once"),
        ]

    def __str__(self) -> str:
        """Number."""
        return f"{self.revisit_id}/{self.number}"


class ReadMark(models.Model):
    """Up to which message a person has read a conversation."""

    revisit = models.ForeignKey(Revisit, on_delete=models.PROTECT, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=0)

    class Meta:
        """One mark per person."""

        constraints = [models.UniqueConstraint(fields=["revisit", "user"], name="read_mark_once")]

    def __str__(self) -> str:
        """Up to."""
        return str(self.number)
