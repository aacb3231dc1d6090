"""Which ways to pay an institution offers."""

from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from payments.models import Channel, ChannelOffer, Scene

Device = Literal["phone", "desktop", "wechat", "alipay"]

# WeChat's own browser shows no other wallet's cashier, and Alipay's neither.
_SCENES: dict[Device, dict[Channel, Scene]] = {
    "phone": {Channel.WECHAT: Scene.H5, Channel.ALIPAY: Scene.WAP},
    "desktop": {Channel.WECHAT: Scene.NATIVE, Channel.ALIPAY: Scene.PRECREATE},
    "wechat": {Channel.WECHAT: Scene.JSAPI},
    "alipay": {Channel.ALIPAY: Scene.WAP},
}


@dataclass(frozen=True)
class Way:
    """One way to pay: the channel, how she reaches its cashier, and its name for her."""

    channel: Channel
    scene: Scene
    label: str


def ways_to_pay(institution_id: int, *, device: Device) -> list[Way]:
    """The ways that an institution offers on a device, in the order they are shown."""
    offers = {offer.channel: offer for offer in ChannelOffer.objects.filter(institution=institution_id)}
    ways = []
    for channel, scene in _SCENES[device].items():
        offer = offers.get(channel.value)
        if not has_account(channel) or (offer and not offer.is_offered):
            continue
        if scene == Scene.JSAPI and not settings.WECHATPAY_APP_SECRET:
            continue  # WeChat would not tell us who pays
        other = offer.desktop_scene if offer and device == "desktop" else ""
        ways.append(Way(channel, Scene(other or scene), str(channel.label)))
    return ways


def is_offered(institution_id: int, channel: Channel) -> bool:
    """Whether an institution takes money through a channel."""
    refused = ChannelOffer.objects.filter(institution=institution_id, channel=channel, is_offered=False)
    return has_account(channel) and not refused.exists()


def has_account(channel: str) -> bool:
    """Whether the platform has a contract with the channel's operator."""
    return str(channel) in settings.PAYMENT_CHANNELS
