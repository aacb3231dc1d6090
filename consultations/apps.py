"""The consultations app."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Schedules, places and online re-diagnosis."""

    name = "consultations"

    def ready(self) -> None:
        """Listen to checkout."""
        from consultations import subscribers  # noqa: F401, PLC0415 - registering is the import's purpose
