"""What an institution may offer: rules PY-20 and PY-21."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation

DESKTOP = {"wechat": ("", "native"), "alipay": ("", "precreate", "page")}
"""Ways on a computer; empty means a code to scan."""


def offer_change_violations(channel: str, desktop_scene: str, *, stays_without: bool) -> list[Violation]:
    """PY-20: An institution keeps at least one channel; PY-21: the way on a computer leads to that channel.

    Source: ours; without a channel nobody could pay her share, and visits would end unpaid.
    """
    found = []
    if stays_without:
        message = _("One channel must stay, or nobody can pay.")
        found.append(Violation("PY-20", message, _("Please offer another channel first."), field="offered"))
    if desktop_scene not in DESKTOP.get(channel, ()):
        message = _("This way does not lead to this channel's cashier.")
        found.append(Violation("PY-21", message, _("Please choose one of the list."), field="desktop_scene"))
    return found
