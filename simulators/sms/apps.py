"""The SMS simulator as a Django app."""

from django.apps import AppConfig


class SmsConfig(AppConfig):
    """Names the app."""

    name = "simulators.sms"
    label = "sms"
    verbose_name = "SMS simulator"
