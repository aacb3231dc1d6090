"""The mobile payment centre of an institution's province."""

from functools import lru_cache

from django.conf import settings

from insurance.gateway.mobile.client import CentreConfig, MobilePaymentClient
from insurance.gateway.port import GatewayMisconfigured
from insurance.gateway.profile import profile_for
from insurance.gateway.sealing import EnvelopeKeys
from kernel import clock
from registry.models import Institution


def centre_of(institution: Institution) -> MobilePaymentClient:
    """The way to the centre.

    Raises:
        GatewayMisconfigured: no app or key is set; nothing happened.
    """
    return _client(institution.region_code)


def envelope_keys() -> EnvelopeKeys:
    """Our app and keys at the centre.

    Raises:
        GatewayMisconfigured: they are missing, or no keys.
    """
    try:
        return EnvelopeKeys.from_text(
            app_id=settings.INSURANCE_MOBILE_APP_ID,
            app_secret=settings.INSURANCE_MOBILE_APP_SECRET,
            private_key=settings.INSURANCE_MOBILE_PRIVATE_KEY,
            platform_public_key=settings.INSURANCE_MOBILE_PLATFORM_PUBLIC_KEY,
        )
    except ValueError as unfit:
        raise GatewayMisconfigured(f"mobile payment: {unfit}") from unfit


@lru_cache(maxsize=16)
def _client(region_code: str) -> MobilePaymentClient:
    """One client for a province and process."""
    profile = profile_for(region_code)
    config = CentreConfig(
        base_url=settings.INSURANCE_MOBILE_BASE_URL,
        keys=envelope_keys(),
        nested_key_order=profile.nested_key_order,
        connect_seconds=profile.connect_seconds,
        read_seconds=min(profile.read_seconds, settings.INSURANCE_READ_SECONDS),
    )
    return MobilePaymentClient(config, clock=clock.now)
