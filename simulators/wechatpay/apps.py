"""The WeChat Pay simulator as a Django app."""

from django.apps import AppConfig


class WeChatPayConfig(AppConfig):
    """Names the app; delivery of notifications starts with the server, not here."""

    name = "simulators.wechatpay"
    label = "wechatpay"
    verbose_name = "WeChat Pay simulator"
