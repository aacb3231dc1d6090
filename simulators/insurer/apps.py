"""The insurer as a Django app."""

from django.apps import AppConfig


class InsurerConfig(AppConfig):
    """The insurer's simulator."""

    name = "simulators.insurer"
    label = "insurer"
    verbose_name = "医保核心（模拟）"
