"""The app of the province's mobile payment centre (62xx)."""

from django.apps import AppConfig


class MobilepayConfig(AppConfig):
    """The province's mobile payment centre (62xx)."""

    name = "simulators.insurer.mobilepay"
    label = "mobilepay"
