"""The registry app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Institutions, staff, patients and their coverage."""

    name = "registry"
