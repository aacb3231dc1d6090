"""Settings of the simulators: a Django project of its own, with a database of its own."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DEFAULT_DATABASE_URL = "postgresql://postgres@127.0.0.1:5432/xinglin_simulators"


def database_from(url: str) -> dict[str, Any]:
    """Turn a libpq style address into Django's DATABASES entry.

    A socket directory may be given as ``?host=/path``; other query keys become libpq options.
    """
    parts = urlsplit(url)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


SECRET_KEY = os.environ.get("SIMULATORS_SECRET_KEY", "the-simulators-hold-no-secrets")
DEBUG = False
# The simulators stand on the loopback or in a private compose network and hold invented people only.
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "simulators.insurer",
    "simulators.insurer.evoucher",
    "simulators.insurer.mobilepay",
    "simulators.insurer.eprescription",
    "simulators.wechatpay",
    "simulators.alipay",
    "simulators.identity",
    "simulators.sms",
]
MIDDLEWARE: list[str] = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "simulators.urls"
WSGI_APPLICATION = "simulators.wsgi.application"
DATABASES = {"default": database_from(os.environ.get("SIMULATORS_DATABASE_URL", DEFAULT_DATABASE_URL))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 80_000_000  # bytes: row files of a large hospital (9101)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SIMULATORS_LOG_LEVEL", "WARNING")},
}

# What the insurer's gateway expects of the hospital; the same names are read by the hospital's settings.
INSURANCE_TIF_PAASID = os.environ.get("INSURANCE_TIF_PAASID", "xinglin_demo")
INSURANCE_TIF_TOKEN = os.environ.get("INSURANCE_TIF_TOKEN", "demo-tif-token")

# Where the mobile payment centre tells the hospital what became of an order (6302); empty: it tells nobody.
_hospital = os.environ.get("PUBLIC_BASE_URL", "")
MOBILEPAY_NOTIFY_URL = os.environ.get(
    "MOBILEPAY_NOTIFY_URL", f"{_hospital}/insurance/mobile/notifications/" if _hospital else ""
)
