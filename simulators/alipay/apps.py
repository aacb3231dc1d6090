"""The Alipay simulator as a Django app."""

from django.apps import AppConfig


class AlipayConfig(AppConfig):
    """Names the app; delivery of notifications starts with the server, not here."""

    name = "simulators.alipay"
    label = "alipay"
    verbose_name = "Alipay simulator"
