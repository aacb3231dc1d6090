"""The one client of this process for each channel, made from the settings when first asked for."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from payments.gateway.alipay.client import AlipayClient, AlipayConfig
from payments.gateway.client import WeChatPayClient, WeChatPayConfig
from payments.gateway.port import ChannelGateway
from payments.gateway.sign_in import SignInConfig, WeChatSignIn
from payments.models import Channel


def gateway_of(channel: str) -> ChannelGateway:
    """The client of a channel."""
    return wechat_pay() if Channel(channel) == Channel.WECHAT else alipay()


@lru_cache(maxsize=1)
def wechat_pay() -> WeChatPayClient:
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


@lru_cache(maxsize=1)
def alipay() -> ChannelGateway:
    """The client of Alipay."""
    return AlipayClient(
        AlipayConfig(
            gateway_url=settings.ALIPAY_GATEWAY_URL,
            app_id=settings.ALIPAY_APP_ID,
            seller_id=settings.ALIPAY_SELLER_ID,
            private_key=Path(settings.ALIPAY_PRIVATE_KEY_PATH).read_bytes(),
            alipay_public_key=Path(settings.ALIPAY_PUBLIC_KEY_PATH).read_bytes(),
        )
    )


@lru_cache(maxsize=1)
def wechat_sign_in() -> WeChatSignIn:
    """The client that asks WeChat who holds the phone."""
    return WeChatSignIn(
        SignInConfig(
            open_url=settings.WECHAT_OPEN_URL,
            api_url=settings.WECHAT_API_URL,
            appid=settings.WECHATPAY_APPID,
            app_secret=settings.WECHATPAY_APP_SECRET,
        )
    )
