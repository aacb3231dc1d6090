"""The app of the e-prescription centre (D001 to D007)."""

from django.apps import AppConfig


class EprescriptionConfig(AppConfig):
    """The e-prescription centre (D001 to D007)."""

    name = "simulators.insurer.eprescription"
    label = "eprescription"
