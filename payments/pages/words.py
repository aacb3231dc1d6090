"""Words and badges of the pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Text
from kernel.money import from_fen
from kernel.presentation import money
from payments.models import Channel, IncidentKind, PaymentIncident, Scene

DESKTOP_WORDS = {
    Channel.WECHAT: (("", _("a code to scan")),),
    Channel.ALIPAY: (("", _("a code to scan")), (Scene.PAGE.value, _("Alipay's own page"))),
}
"""What may be chosen for a computer, by channel."""

KIND_BADGES = {
    IncidentKind.CONTRADICTED: "needs",
    IncidentKind.UNKNOWN_ORDER: "needs",
    IncidentKind.LATE: "progress",
    IncidentKind.REJECTED: "stopped",
}

_FACTS: dict[str, Text] = {
    "fen": _("Amount"),
    "currency": _("Currency"),
    "transaction": _("Number at the channel"),
    "rules": _("Broken rules"),
    "refund": _("Refund"),
    "order": _("Order"),
    "why": _("Why"),
}


def facts_of(row: PaymentIncident) -> list[tuple[Text, str]]:
    """What was said, in words; amounts in yuan, and what is empty left out."""
    return [
        (_FACTS[name], _said(name, value)) for name, value in row.facts.items() if value and name in _FACTS
    ]


def _said(name: str, value: Any) -> str:
    if name == "fen":
        return money(from_fen(int(value)))
    return ", ".join(value) if isinstance(value, list) else str(value)
