"""The encounters app."""

from django.apps import AppConfig


class EncountersConfig(AppConfig):
    """The encounter every service and fee hangs on."""

    name = "encounters"
