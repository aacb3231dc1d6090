"""The kernel app: shared values and the job outbox."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Holds no business of its own."""

    name = "kernel"
