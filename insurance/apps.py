"""The insurance app."""

from django.apps import AppConfig


class InsuranceConfig(AppConfig):
    """Claims and settlements with the medical insurance."""

    name = "insurance"
