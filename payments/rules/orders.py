"""What may be ordered, and which word of a channel counts: rules PY-01 to PY-05."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Violation
from kernel.money import FEN

CURRENCY = "CNY"

SCENES = {"wechat": ("h5", "native", "jsapi"), "alipay": ("wap", "page", "precreate")}
"""Which ways lead to which channel's cashier."""


def calls_nobody(scene: str) -> bool:
    """Whether the way is an address that we sign: the channel hears of the order only when she arrives there.

    Source: Alipay, alipay.trade.wap.pay and alipay.trade.page.pay; the trade is made when the payer opens the address.
    """
    return scene in ("wap", "page")


def amount_violations(amount: Decimal) -> list[Violation]:
    """PY-01: What is paid or given back is more than zero, in whole fen.

    Source: WeChat Pay APIv3 counts fen; Alipay takes yuan with at most two decimals, from 0.01 on.
    """
    if amount > 0 and amount % FEN == 0:
        return []
    message = _("%(amount)s yuan cannot be paid: an amount is more than zero and has at most two decimals.")
    return [Violation("PY-01", message % {"amount": amount}, _("Please check the amount."), field="amount")]


def offer_violations(*, is_offered: bool) -> list[Violation]:
    """PY-02: Money comes in only through channels that the institution offers.

    Source: ours; without a contract of its own, or of the platform's, an institution may not collect through a channel.
    """
    if is_offered:
        return []
    way_on = _("Please choose another way to pay.")
    return [
        Violation("PY-02", _("This institution does not take payments that way."), way_on, field="channel")
    ]


def scene_violations(channel: str, scene: str, payer_id: str) -> list[Violation]:
    """PY-03: The way to the cashier belongs to the channel; inside WeChat the channel must know who pays.

    Source: WeChat Pay APIv3, JSAPI order: ``payer.openid`` is required.
    """
    if scene in SCENES.get(channel, ()) and (scene != "jsapi" or payer_id):
        return []
    way_on = _("Please open the page in your browser, or choose another way to pay.")
    return [Violation("PY-03", _("This way to pay does not work here."), way_on, field="scene")]


def answer_violations(
    *, asked_fen: int, said_fen: int, currency: str, is_ours: bool = True
) -> list[Violation]:
    """PY-04: A payment counts only with our amount and in yuan; PY-05: and when it came into our account.

    Source: WeChat Pay and Alipay both ask the merchant to compare the amount, and Alipay also app and seller, before
    an order counts as paid.
    """
    found = []
    if said_fen != asked_fen or currency != CURRENCY:
        message = _("The channel speaks of another amount or currency than the order.")
        found.append(Violation("PY-04", message, _("Please look at the channel's own pages.")))
    if not is_ours:
        message = _("The channel speaks of another account than ours.")
        found.append(Violation("PY-05", message, _("Please look at the channel's own pages.")))
    return found
