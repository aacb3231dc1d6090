"""Messages that would have gone to a phone."""

from django.db import models

from simulators.faults import PlannedFault

# What the provider keeps for a template; the product sends only the values.
_WORDS = {
    "visit_begun": "医生已开始接诊，请打开杏林进入诊室。就诊号 {number}。",
    "visit_stopped": "医生已终止本次就诊，费用自动原路退回。请打开杏林看原因。就诊号 {number}。",
    "visit_missed": "医生未能在 {time} 接诊，费用自动原路退回。就诊号 {number}。",
    "visit_not_settled": "医保没有结算成功，费用自动原路退回，请重新预约。就诊号 {number}。",
    "money_back": "费用已原路退回。就诊号 {number}。",
}


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
        if self.template in _WORDS:
            return "【杏林】" + _WORDS[self.template].format_map({"number": "", "time": "", **self.params})
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
