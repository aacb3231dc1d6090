"""The identity simulator as a Django app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Names the app."""

    name = "simulators.identity"
    label = "identity"
    verbose_name = "Real-name check simulator"
