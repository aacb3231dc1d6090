"""The consultations app."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Schedules, places and online re-diagnosis."""

    name = "consultations"
