"""Messages that would have gone to a phone."""

from django.db import models

from simulators.faults import PlannedFault


class Message(models.Model):
    """One message; the same ``request_id`` is sent once."""

    request_id = models.CharField(max_length=64, unique=True)
    mobile = models.CharField(max_length=11, db_index=True)
    template = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    received_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.request_id

    @property
    def text(self) -> str:
        """The message as a phone would show it."""
        words = "；".join(f"{name} {value}" for name, value in self.params.items() if name != "code")
        code = self.params.get("code")
        parts = [f"验证码 {code}，请勿告诉他人。" if code else "", words]
        return "【杏林】" + " ".join(part for part in parts if part)


class FaultKind(models.TextChoices):
    """What can be told to go wrong."""

    SERVER_ERROR = "server_error", "答 500"
    SILENT = "silent", "不作声"


class Fault(PlannedFault):
    """A fault of the simulated SMS service."""
