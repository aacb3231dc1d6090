"""The app of the e-voucher middle platform."""

from django.apps import AppConfig


class EvoucherConfig(AppConfig):
    """The e-voucher middle platform."""

    name = "simulators.insurer.evoucher"
    label = "evoucher"
