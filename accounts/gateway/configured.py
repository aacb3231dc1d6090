"""The text message gateway this installation is configured for."""

from functools import lru_cache

from django.conf import settings

from accounts.gateway.client import SmsClient, SmsConfig
from accounts.gateway.port import SmsGateway


@lru_cache(maxsize=1)
def sms_gateway() -> SmsGateway:
    """One client per process."""
    return SmsClient(
        SmsConfig(
            base_url=settings.SMS_BASE_URL,
            app_id=settings.SMS_APP_ID,
            app_secret=settings.SMS_APP_SECRET.encode(),
        )
    )
