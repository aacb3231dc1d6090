"""The client of one institution, and the day's sign number kept in the database."""

from functools import lru_cache

from django.conf import settings

from insurance.gateway import messages as m
from insurance.gateway.client import InsuranceClient
from insurance.gateway.config import GatewayConfig
from insurance.gateway.port import InsuranceGateway
from insurance.models import SignIn
from insurance.operations.messages import new_msgid
from kernel import clock
from registry.models import Institution


class StoredSignNumbers:
    """9001 once a day: every process of the institution uses the same number."""

    def __init__(self, institution: Institution) -> None:
        """For the operator of one institution."""
        self.institution = institution

    def current(self, gateway: InsuranceGateway) -> str:
        """Today's number, signing in when there is none yet."""
        now = clock.now()
        signed = SignIn.objects.filter(institution=self.institution, signed_on=clock.day_of(now)).first()
        return signed.sign_number if signed else self._sign_in(gateway)

    def renewed(self, gateway: InsuranceGateway, stale: str) -> str:
        """A number other than ``stale``."""
        number = self.current(gateway)
        return self._sign_in(gateway) if number == stale else number

    def _sign_in(self, gateway: InsuranceGateway) -> str:
        now = clock.now()
        request = m.SignIn(operator_code=settings.INSURANCE_OPERATOR_CODE, ip_address="127.0.0.1")
        reply = gateway.sign_in(new_msgid(self.institution.code, now), request).reply
        SignIn.objects.create(
            institution=self.institution,
            signed_on=clock.day_of(now),
            sign_number=reply.sign_number,
            signed_at=now,
        )
        return reply.sign_number


@lru_cache(maxsize=16)
def _client(institution_id: int) -> InsuranceClient:
    """One client per institution and process."""
    institution = Institution.objects.get(pk=institution_id)
    config = GatewayConfig(
        base_url=settings.INSURANCE_BASE_URL,
        institution_code=institution.code,
        institution_name=institution.name,
        region=institution.region_code,
        operator_code=settings.INSURANCE_OPERATOR_CODE,
        operator_name=settings.INSURANCE_OPERATOR_NAME,
        tif_paasid=settings.INSURANCE_TIF_PAASID,
        tif_token=settings.INSURANCE_TIF_TOKEN,
        read_seconds=settings.INSURANCE_READ_SECONDS,
        settle_read_seconds=settings.INSURANCE_SETTLE_READ_SECONDS,
        audit_read_seconds=settings.INSURANCE_AUDIT_SECONDS,
    )
    return InsuranceClient(config, StoredSignNumbers(institution), clock=clock.now)


def insurer_of(institution: Institution) -> InsuranceGateway:
    """The way to the insurer of an institution."""
    return _client(institution.pk)
