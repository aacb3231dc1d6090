"""Channels, orders, refunds, and what the channels told us; amounts in yuan."""

from payments.models.channels import Channel, ChannelOffer, Scene
from payments.models.notifications import IncidentKind, PaymentIncident, PaymentNotification
from payments.models.orders import PaymentOrder
from payments.models.refunds import Refund

__all__ = [
    "Channel",
    "ChannelOffer",
    "IncidentKind",
    "PaymentIncident",
    "PaymentNotification",
    "PaymentOrder",
    "Refund",
    "Scene",
]
