"""The client of the e-prescription centre, and whether there is one."""

from functools import lru_cache

from django.conf import settings

from insurance.gateway.port import GatewayMisconfigured
from insurance.gateway.prescribing.client import CentreConfig, PrescriptionCentreClient
from insurance.gateway.prescribing.port import PrescriptionCentre
from insurance.gateway.profile import profile_for
from insurance.gateway.sealing import EnvelopeKeys
from kernel import clock
from registry.models import Institution


def is_there_a_centre() -> bool:
    """Whether the hospital has been given an app at an e-prescription centre."""
    return bool(settings.INSURANCE_PRESCRIPTION_APP_ID)


def centre_of(institution: Institution) -> PrescriptionCentre:
    """The way of an institution to the centre; its province says how nested keys are ordered.

    Raises:
        GatewayMisconfigured: its keys are none.
    """
    return _client(
        profile_for(institution.region_code).nested_key_order,
        settings.INSURANCE_PRESCRIPTION_BASE_URL,
        settings.INSURANCE_PRESCRIPTION_APP_ID,
        settings.INSURANCE_PRESCRIPTION_APP_SECRET,
        settings.INSURANCE_PRESCRIPTION_PRIVATE_KEY,
        settings.INSURANCE_PRESCRIPTION_PLATFORM_PUBLIC_KEY,
    )


@lru_cache(maxsize=4)
def _client(
    order: str, address: str, app_id: str, secret: str, private: str, public: str
) -> PrescriptionCentreClient:
    """One client for each process and set of keys."""
    try:
        keys = EnvelopeKeys.from_text(
            app_id=app_id, app_secret=secret, private_key=private, platform_public_key=public
        )
    except ValueError as wrong:
        raise GatewayMisconfigured(str(wrong)) from wrong
    config = CentreConfig(
        base_url=address,
        keys=keys,
        nested_key_order=order,
        read_seconds=settings.INSURANCE_READ_SECONDS,
    )
    return PrescriptionCentreClient(config, clock=clock.now)
