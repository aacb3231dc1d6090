"""Each institution speaks to its insurer as its province wants it."""

import base64
from datetime import UTC, datetime

import pytest

from insurance.gateway.port import GatewayMisconfigured
from insurance.operations import messages
from insurance.operations.insurer import config_of, treatment_type_in
from insurance.operations.messages import new_msgid
from kernel import sm
from registry.models import Institution
from tests.factories.registry import InstitutionFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh():
    messages._message_id_format.cache_clear()
    yield
    messages._message_id_format.cache_clear()


def institution_in(region: str) -> Institution:
    return InstitutionFactory(code=f"H{region}00009", region_code=region)


@pytest.mark.parametrize(
    ("region", "begins"), [("330100", "H3301000000920260302120005"), ("410100", "260302120005-H41010000009-")]
)
def test_message_numbers_have_the_shape_of_the_province(region: str, begins: str) -> None:
    assert new_msgid(institution_in(region).code, NOON).startswith(begins)


def test_waiting_times_are_the_provinces_within_what_a_job_may_take(settings) -> None:
    settings.INSURANCE_READ_SECONDS, settings.INSURANCE_SETTLE_READ_SECONDS = 30, 35
    settings.INSURANCE_CSB_ACCESS_KEY, settings.INSURANCE_CSB_SECRET_KEY = "key", "secret"
    config = config_of(institution_in("320500"))
    assert (config.door, config.settle_read_seconds) == ("csb", 35)


def test_a_sealed_gateway_gets_its_keys(settings) -> None:
    private, public = sm.sm2_key_pair()
    settings.INSURANCE_SEALED_TOKEN_URL = "https://gateway.example.org/oauth2/token"
    settings.INSURANCE_SEALED_CLIENT_ID = "ABCDEF0123456789"
    settings.INSURANCE_SEALED_CLIENT_SECRET = "secret"
    settings.INSURANCE_SEALED_USERNAME, settings.INSURANCE_SEALED_PASSWORD = "user", "password"
    settings.INSURANCE_SEALED_PRIVATE_KEY = base64.b64encode(private).decode()
    settings.INSURANCE_SEALED_PLATFORM_PUBLIC_KEY = base64.b64encode(b"\x04" + public).decode()
    config = config_of(institution_in("220100"))
    assert config.sealed is not None
    assert (config.door, config.sealed.platform_public_key) == ("oauth2_sm4", public)


def test_what_the_provinces_gateway_needs_and_nobody_gave_is_named(settings) -> None:
    settings.INSURANCE_SEALED_CLIENT_ID = ""
    with pytest.raises(GatewayMisconfigured, match="oauth2_sm4"):
        config_of(institution_in("220100"))


def test_the_deployment_may_overrule_the_kind_of_treatment(settings) -> None:
    settings.INSURANCE_TREATMENT_TYPE = ""
    assert treatment_type_in("330100") == "11"
    settings.INSURANCE_TREATMENT_TYPE = "110104"
    assert treatment_type_in("330100") == "110104"
