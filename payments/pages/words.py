"""Words and badges of the pages."""

from django.utils.translation import gettext_lazy as _

from payments.models import Channel, IncidentKind, Scene

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
