"""The hospital's client of Alipay."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from payments.gateway.alipay.client import AlipayClient, AlipayConfig
from tests.unit.payments.alipay.platform import APP, GATEWAY, NOW, PLATFORM


@pytest.fixture
def client() -> AlipayClient:
    return AlipayClient(
        AlipayConfig(
            gateway_url=GATEWAY,
            app_id="2021000000000001",
            seller_id="2088000000000001",
            private_key=APP.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            alipay_public_key=PLATFORM.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
        ),
        now=NOW.timestamp,
    )
