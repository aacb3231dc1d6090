"""The registry app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """Institutions, staff, patients and their coverage."""

    name = "registry"
    verbose_name = _("Hospital, staff and patients")
