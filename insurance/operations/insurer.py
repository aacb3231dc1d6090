"""The client of one institution, and the day's sign number kept in the database."""

import base64
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.conf import settings

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.config import OAUTH2_SM4, GatewayConfig
from insurance.gateway.credentials import credentials_of
from insurance.gateway.port import InsuranceGateway
from insurance.gateway.profile import profile_for
from insurance.gateway.transports import CsbKeys, SealedKeys
from insurance.models import SignIn
from insurance.operations.messages import new_msgid
from kernel import clock
from registry.models import Institution


class StoredSignNumbers:
    """9001 once a day: every process of the institution uses the same number."""

    def __init__(self, institution: Institution) -> None:
        """For the operator of one institution."""
        self.institution = institution
        self._known: tuple[date, str] | None = None

    def current(self, gateway: InsuranceGateway) -> str:
        """Today's number, signing in when there is none yet; read once a day by each process."""
        today, known = clock.day_of(clock.now()), self._known
        if known is None or known[0] != today:
            known = self._known = (today, self._stored(today) or self._sign_in(gateway))
        return known[1]

    def renewed(self, gateway: InsuranceGateway, stale: str) -> str:
        """A number other than ``stale``: another process may have signed in meanwhile."""
        today = clock.day_of(clock.now())
        number = self._stored(today)
        if number is None or number == stale:
            number = self._sign_in(gateway)
        self._known = (today, number)
        return number

    def _stored(self, today: date) -> str | None:
        signed = SignIn.objects.filter(institution=self.institution, signed_on=today)
        return signed.values_list("sign_number", flat=True).first()

    def _sign_in(self, gateway: InsuranceGateway) -> str:
        now = clock.now()
        operator = credentials_of(self.institution.code)["INSURANCE_OPERATOR_CODE"]
        request = m.SignIn(operator_code=operator, ip_address="127.0.0.1")
        reply = gateway.sign_in(new_msgid(self.institution.code, now), request).reply
        SignIn.objects.create(
            institution=self.institution,
            signed_on=clock.day_of(now),
            sign_number=reply.sign_number,
            signed_at=now,
        )
        return reply.sign_number


def treatment_type_in(region_code: str) -> str:
    """med_type of a visit through the Internet; the deployment may overrule the province's profile."""
    return settings.INSURANCE_TREATMENT_TYPE or profile_for(region_code).treatment_type


def refuses_repeats(institution: Institution) -> bool:
    """Whether the insurer refuses a message number that it has had, and does not repeat its answer."""
    return profile_for(institution.region_code).repeated_message == "refuse"


def config_of(institution: Institution) -> GatewayConfig:
    """How an institution speaks with its insurer: the province's profile, and what this deployment was given.

    The deployment's waiting times are an upper limit: a job must end before its own time is over.

    Raises:
        GatewayMisconfigured: naming what is missing for the province's kind of gateway.
    """
    profile, given = profile_for(institution.region_code), credentials_of(institution.code)
    return GatewayConfig(
        base_url=given["INSURANCE_BASE_URL"],
        institution_code=institution.code,
        institution_name=institution.name,
        region=institution.region_code,
        operator_code=given["INSURANCE_OPERATOR_CODE"],
        operator_name=given["INSURANCE_OPERATOR_NAME"],
        door=profile.transport,
        tif_paasid=given["INSURANCE_TIF_PAASID"],
        tif_token=given["INSURANCE_TIF_TOKEN"],
        csb=_csb_keys(given),
        sealed=_sealed_keys(given) if profile.transport == OAUTH2_SM4 else None,
        amounts=profile.amounts,
        mutual_aid=profile.mutual_aid,
        receiver_code=profile.receiver_code,
        version=profile.version,
        path=profile.path,
        connect_seconds=profile.connect_seconds,
        read_seconds=min(profile.read_seconds, settings.INSURANCE_READ_SECONDS),
        settle_read_seconds=min(profile.settle_read_seconds, settings.INSURANCE_SETTLE_READ_SECONDS),
        audit_read_seconds=settings.INSURANCE_AUDIT_SECONDS,
    )


def _csb_keys(given: Mapping[str, str]) -> CsbKeys | None:
    if not given["INSURANCE_CSB_ACCESS_KEY"]:
        return None
    return CsbKeys(
        access_key=given["INSURANCE_CSB_ACCESS_KEY"],
        secret_key=given["INSURANCE_CSB_SECRET_KEY"],
        api_name=given["INSURANCE_CSB_API_NAME"],
        api_version=given["INSURANCE_CSB_API_VERSION"],
    )


def _sealed_keys(given: Mapping[str, str]) -> SealedKeys | None:
    if not given["INSURANCE_SEALED_CLIENT_ID"]:
        return None
    platform = given["INSURANCE_SEALED_PLATFORM_PUBLIC_KEY"]
    return SealedKeys(
        token_url=given["INSURANCE_SEALED_TOKEN_URL"],
        client_id=given["INSURANCE_SEALED_CLIENT_ID"],
        client_secret=given["INSURANCE_SEALED_CLIENT_SECRET"],
        username=given["INSURANCE_SEALED_USERNAME"],
        password=given["INSURANCE_SEALED_PASSWORD"],
        private_key=base64.b64decode(given["INSURANCE_SEALED_PRIVATE_KEY"]),
        platform_public_key=base64.b64decode(platform)[-64:] if platform else None,
    )


@lru_cache(maxsize=16)
def _client(institution_id: int) -> InsuranceClient:
    """One client per institution and process."""
    institution = Institution.objects.get(pk=institution_id)
    return InsuranceClient(config_of(institution), StoredSignNumbers(institution), clock=clock.now)


def insurer_of(institution: Institution) -> InsuranceGateway:
    """The way to the insurer of an institution."""
    return _client(institution.pk)
