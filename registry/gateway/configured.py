"""The identity gateway this installation is configured for."""

from functools import lru_cache

from django.conf import settings

from registry.gateway.client import IdentityClient, IdentityConfig
from registry.gateway.port import IdentityGateway


@lru_cache(maxsize=1)
def identity_gateway() -> IdentityGateway:
    """One client per process; a person waits for its answer, so it waits for at most four seconds."""
    return IdentityClient(
        IdentityConfig(
            base_url=settings.IDENTITY_BASE_URL,
            app_id=settings.IDENTITY_APP_ID,
            app_secret=settings.IDENTITY_APP_SECRET.encode(),
            connect_timeout_seconds=2.0,
            read_timeout_seconds=4.0,
        )
    )
