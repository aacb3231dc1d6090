"""The one client of this process, made from the settings when first asked for."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from payments.gateway.client import WeChatPayClient, WeChatPayConfig
from payments.gateway.port import PaymentGateway


@lru_cache(maxsize=1)
def wechat_pay() -> PaymentGateway:
    """The client of WeChat Pay."""
    return WeChatPayClient(
        WeChatPayConfig(
            base_url=settings.WECHATPAY_BASE_URL,
            mchid=settings.WECHATPAY_MCHID,
            appid=settings.WECHATPAY_APPID,
            merchant_serial=settings.WECHATPAY_SERIAL,
            merchant_private_key=Path(settings.WECHATPAY_PRIVATE_KEY_PATH).read_bytes(),
            apiv3_key=settings.WECHATPAY_APIV3_KEY.encode(),
            public_key_id=settings.WECHATPAY_PUBLIC_KEY_ID,
            platform_public_keys={
                settings.WECHATPAY_PUBLIC_KEY_ID: Path(settings.WECHATPAY_PUBLIC_KEY_PATH).read_bytes()
            },
        )
    )
