"""Production: everything that differs by place comes from the environment; what is missing is named at the start."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from hospital.settings import environment, required
from hospital.settings.base import *

_wanted = required.VARIABLES + (required.OF_ALIPAY if "alipay" in PAYMENT_CHANNELS else ())
_missing = [name for name in _wanted if not os.environ.get(name)]
if _missing:
    raise ImproperlyConfigured(f"Set these environment variables: {', '.join(_missing)}")
if not any(all(os.environ.get(name) for name in gateway) for gateway in required.GATEWAYS):
    _choices = "; or ".join(", ".join(gateway) for gateway in required.GATEWAYS)
    raise ImproperlyConfigured(f"Set what the insurer's gateway wants: {_choices}")
if len(os.environ["FIELD_ENCRYPTION_KEY"]) != 32:
    raise ImproperlyConfigured("FIELD_ENCRYPTION_KEY is 16 bytes in hexadecimal: 32 characters.")

DEBUG = False

# Paying sends the browser from our form to the channel's cashier; a browser asks before every step of that way.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [
    *("https://wx.tenpay.com", "https://*.alipay.com"),
    WECHAT_OPEN_URL,  # inside WeChat that says first who pays
    # Alipay's sandbox is elsewhere.
    *(f"{there.scheme}://{there.netloc}" for there in [urlsplit(ALIPAY_GATEWAY_URL)] if there.netloc),
]

# The reverse proxy ends TLS and sets these headers itself, whatever the browser sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
AXES_IPWARE_PROXY_COUNT = 1
AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", str(MEDIA_ROOT)))

LOGGING["formatters"]["line"]["processor"] = "ext://hospital.logs.json"
