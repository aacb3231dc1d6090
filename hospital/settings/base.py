"""Settings that hold everywhere. What differs by place stands in ``demo``, ``test`` and ``production``."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hospital import logs
from hospital.settings import administration, environment

django_stubs_ext.monkeypatch()
logs.configure()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(environment.text("VAR_DIR", str(BASE_DIR / "var")))

# --- Applications ---------------------------------------------------------------------------------

# From the bottom up: each app may know only those before it.
OWN_APPS = [
    "kernel", "audit", "accounts", "registry", "pricing", "encounters", "ledger", "billing", "insurance",
    "payments", "checkout", "refunds", "receipts", "reconciliation", "screening", "prescriptions", "repricing",
    "consultations", "finance", "portal",
]  # fmt: skip

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "channels",
    "csp",
    "django_htmx",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "pghistory",
    "pgtrigger",
    *OWN_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hospital.middleware.AdminContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hospital.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "accounts.middleware.IdleSessionMiddleware",
    "axes.middleware.AxesMiddleware",
    "hospital.middleware.NotFoundMiddleware",
]

ROOT_URLCONF = "hospital.urls"
WSGI_APPLICATION = "hospital.wsgi.application"
ASGI_APPLICATION = "hospital.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kernel.presentation.shell",
                "portal.pages.context.staff",
            ],
        },
    },
]

# --- Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Private: no URL serves this directory; a view checks the right to each file and streams it.
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # bytes

# --- Signing in -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
# How long a session lives without use, in minutes from the environment.
SESSION_IDLE_STAFF = timedelta(minutes=int(environment.text("SESSION_IDLE_STAFF_MINUTES", "15")))
SESSION_IDLE_PATIENT = timedelta(
    minutes=int(environment.text("SESSION_IDLE_PATIENT_MINUTES", str(30 * 24 * 60)))
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "accounts.pages.views.staff.locked_out"
# Accounts have a mobile number and no e-mail address.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Xinglin 杏林"

# --- Administration -------------------------------------------------------------------------------

UNFOLD = administration.UNFOLD

# --- Security -------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- API ------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min"},
}

# --- Database, broker, jobs -----------------------------------------------------------------------

DATABASES = {
    "default": environment.database(
        environment.text("DATABASE_URL", "postgresql://xinglin@127.0.0.1:5432/xinglin")
    )
}
REDIS_URL = environment.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # A websocket waits for its bell in reads of 5 seconds; the client's own limit of 5 would cut it off between two.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 30}], "prefix": "ws"},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,  # seconds; a job taken by a worker that died comes back after them
    # Who sends a job does not wait for a broker that is away: the outbox does. Workers connect again by themselves.
    "max_retries": 0,
    "socket_connect_timeout": 2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 50  # seconds; below the visibility time-out, or a slow job would run twice at once
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 1000
CELERY_TIMEZONE = TIME_ZONE

# --- The outside world ----------------------------------------------------------------------------

SIMULATORS_URL = environment.text("SIMULATORS_URL")
PUBLIC_BASE_URL = environment.text("PUBLIC_BASE_URL", "http://127.0.0.1:8000")
_outside = SIMULATORS_URL or "http://127.0.0.1:8010"
INSURANCE_BASE_URL = environment.text("INSURANCE_BASE_URL", f"{_outside}/insurer")
WECHATPAY_BASE_URL = environment.text("WECHATPAY_BASE_URL", f"{_outside}/wechatpay")
IDENTITY_BASE_URL = environment.text("IDENTITY_BASE_URL", f"{_outside}/identity")
SMS_BASE_URL = environment.text("SMS_BASE_URL", f"{_outside}/sms")
EVOUCHER_BASE_URL = environment.text("EVOUCHER_BASE_URL", f"{_outside}/evoucher")
INSURANCE_MOBILE_BASE_URL = environment.text("INSURANCE_MOBILE_BASE_URL", f"{_outside}/mobilepay")
INSURANCE_PRESCRIPTION_BASE_URL = environment.text(
    "INSURANCE_PRESCRIPTION_BASE_URL", f"{_outside}/eprescription"
)
INSURANCE_TIF_PAASID = environment.text("INSURANCE_TIF_PAASID")
INSURANCE_TIF_TOKEN = environment.text("INSURANCE_TIF_TOKEN")
# The kind of gateway is the province's (docs/integrations/province-profiles.md): TIF above, or CSB, or OAuth2 with SM4.
INSURANCE_PROFILES_DIR = environment.text("INSURANCE_PROFILES_DIR")
INSURANCE_CSB_ACCESS_KEY = environment.text("INSURANCE_CSB_ACCESS_KEY")
INSURANCE_CSB_SECRET_KEY = environment.text("INSURANCE_CSB_SECRET_KEY")
INSURANCE_CSB_API_NAME = environment.text("INSURANCE_CSB_API_NAME", "{transaction}")
INSURANCE_CSB_API_VERSION = environment.text("INSURANCE_CSB_API_VERSION", "1.0.0")
INSURANCE_SEALED_TOKEN_URL = environment.text("INSURANCE_SEALED_TOKEN_URL")
INSURANCE_SEALED_CLIENT_ID = environment.text("INSURANCE_SEALED_CLIENT_ID")
INSURANCE_SEALED_CLIENT_SECRET = environment.text("INSURANCE_SEALED_CLIENT_SECRET")
INSURANCE_SEALED_USERNAME = environment.text("INSURANCE_SEALED_USERNAME")
INSURANCE_SEALED_PASSWORD = environment.text("INSURANCE_SEALED_PASSWORD")
INSURANCE_SEALED_PRIVATE_KEY = environment.text("INSURANCE_SEALED_PRIVATE_KEY")
INSURANCE_SEALED_PLATFORM_PUBLIC_KEY = environment.text("INSURANCE_SEALED_PLATFORM_PUBLIC_KEY")
# Sealed envelopes (SM2, SM4), keys in Base64: the mobile payment centre, and the e-prescription centre.
INSURANCE_MOBILE_APP_ID = environment.text("INSURANCE_MOBILE_APP_ID")
INSURANCE_MOBILE_APP_SECRET = environment.text("INSURANCE_MOBILE_APP_SECRET")
INSURANCE_MOBILE_PRIVATE_KEY = environment.text("INSURANCE_MOBILE_PRIVATE_KEY")
INSURANCE_MOBILE_PLATFORM_PUBLIC_KEY = environment.text("INSURANCE_MOBILE_PLATFORM_PUBLIC_KEY")
INSURANCE_PRESCRIPTION_APP_ID = environment.text("INSURANCE_PRESCRIPTION_APP_ID")
INSURANCE_PRESCRIPTION_APP_SECRET = environment.text("INSURANCE_PRESCRIPTION_APP_SECRET")
INSURANCE_PRESCRIPTION_PRIVATE_KEY = environment.text("INSURANCE_PRESCRIPTION_PRIVATE_KEY")
INSURANCE_PRESCRIPTION_PLATFORM_PUBLIC_KEY = environment.text("INSURANCE_PRESCRIPTION_PLATFORM_PUBLIC_KEY")
INSURANCE_OPERATOR_CODE = environment.text("INSURANCE_OPERATOR_CODE", "XL001")
INSURANCE_OPERATOR_NAME = environment.text("INSURANCE_OPERATOR_NAME", "杏林互联网医院")
INSURANCE_READ_SECONDS = float(environment.text("INSURANCE_READ_SECONDS", "30"))
INSURANCE_SETTLE_READ_SECONDS = float(environment.text("INSURANCE_SETTLE_READ_SECONDS", "35"))
# Whether she must show her e-voucher before the insurer is asked. Qinghai's agreement (2025) asks for it in article 25;
# where a province does not, her identity card number is enough.
INSURANCE_VOUCHER_REQUIRED = environment.text("INSURANCE_VOUCHER_REQUIRED", "0") == "1"
# Days before its end from which an agreement is marked: an agency takes its time to sign the next one. Ours.
INSURANCE_AGREEMENT_WARNING_DAYS = int(environment.text("INSURANCE_AGREEMENT_WARNING_DAYS", "90"))
# How many times faster than real an unknown outcome is asked about again; more than 1 in tests and demonstrations only.
INSURANCE_ASK_AGAIN_FASTER = int(environment.text("INSURANCE_ASK_AGAIN_FASTER", "1"))
# med_type of an Internet visit; empty: as the province's profile says.
INSURANCE_TREATMENT_TYPE = environment.text("INSURANCE_TREATMENT_TYPE")
# The channels with whose operator the platform has a contract; an institution may switch off one of them for itself.
PAYMENT_CHANNELS = tuple(
    name.strip() for name in environment.text("PAYMENT_CHANNELS", "wechat,alipay").split(",") if name.strip()
)
WECHATPAY_MCHID = environment.text("WECHATPAY_MCHID", "1900000001")
WECHATPAY_APPID = environment.text("WECHATPAY_APPID", "wxd678efh567hg6787")
WECHATPAY_SERIAL = environment.text("WECHATPAY_SERIAL")
WECHATPAY_PRIVATE_KEY_PATH = environment.text("WECHATPAY_PRIVATE_KEY_PATH")
WECHATPAY_APIV3_KEY = environment.text("WECHATPAY_APIV3_KEY")
WECHATPAY_PUBLIC_KEY_ID = environment.text("WECHATPAY_PUBLIC_KEY_ID")
WECHATPAY_PUBLIC_KEY_PATH = environment.text("WECHATPAY_PUBLIC_KEY_PATH")
ALIPAY_GATEWAY_URL = environment.text("ALIPAY_GATEWAY_URL", f"{_outside}/alipay/gateway.do")
ALIPAY_APP_ID = environment.text("ALIPAY_APP_ID")
ALIPAY_SELLER_ID = environment.text("ALIPAY_SELLER_ID")
ALIPAY_PRIVATE_KEY_PATH = environment.text("ALIPAY_PRIVATE_KEY_PATH")
ALIPAY_PUBLIC_KEY_PATH = environment.text("ALIPAY_PUBLIC_KEY_PATH")
IDENTITY_APP_ID = environment.text("IDENTITY_APP_ID")
IDENTITY_APP_SECRET = environment.text("IDENTITY_APP_SECRET")
SMS_APP_ID = environment.text("SMS_APP_ID")
SMS_APP_SECRET = environment.text("SMS_APP_SECRET")
# What documents are signed with: a PKCS #12 file with key and certificates, and its password.
RECEIPTS_SIGNING_KEY_PATH = environment.text("RECEIPTS_SIGNING_KEY_PATH")
RECEIPTS_SIGNING_KEY_PASSWORD = environment.text("RECEIPTS_SIGNING_KEY_PASSWORD")
FIELD_ENCRYPTION_KEY = environment.text("FIELD_ENCRYPTION_KEY")  # 16 bytes, hexadecimal

# --- Rules a hospital may set ---------------------------------------------------------------------

# Days a prescription is valid, the day of issue included: the law allows 1, and with a reason at most 3.
PRESCRIPTION_VALIDITY_DAYS = int(environment.text("PRESCRIPTION_VALIDITY_DAYS", "3"))
PRESCRIPTION_VALIDITY_REASON = environment.text("PRESCRIPTION_VALIDITY_REASON", "在线审方、缴费需要时间")

# Whether the insurer is asked about an order before it is signed and before it is charged (3101, 3102), and for how many
# seconds somebody may wait for its answer; without one the local audit rules decide. No national figure is known.
SCREENING_ASKS_INSURER = environment.flag("SCREENING_ASKS_INSURER", default=True)
INSURANCE_AUDIT_SECONDS = float(environment.text("INSURANCE_AUDIT_SECONDS", "3"))

# Whether nothing is handed out without the traceability code of each pack. The duty comes province by province and some
# packs bear none, so a hospital switches it on when its pharmacy has scanners; codes that are given are always checked.
TRACEABILITY_CODES_REQUIRED = environment.flag("TRACEABILITY_CODES_REQUIRED", default=False)

# Whether a regulator's ceiling is charged where a public hospital has published nothing lower of its own. By general
# knowledge hospitals charge the ceiling of the province's table unless they announce less, and the price list that is
# posted comes from the same rows; "no" asks for a published price of the hospital's own.
PRICING_CEILING_IS_CHARGED = environment.flag("PRICING_CEILING_IS_CHARGED", default=True)
# Days between the day an on-site fee is published and its first day. A hospital's notice of 2023-12-20 to 26, in force
# on 2024-01-01, gives seven (source S23); no national number is known.
PRICING_ONSITE_FEE_NOTICE_DAYS = int(environment.text("PRICING_ONSITE_FEE_NOTICE_DAYS", "7"))

# Who bears what a price that is corrected upwards would have brought in: "hospital" or "patient". No document is known
# that lets a hospital ask for more afterwards, and she agreed to the price she was shown; so the hospital bears it
# unless somebody decides otherwise for a batch.
CORRECTION_INCREASES_BORNE_BY = environment.text("CORRECTION_INCREASES_BORNE_BY", "hospital")
# Whole days that a day of the ledger still takes entries after it has ended. WeChat Pay tells of a payment again for
# 24 hours and 4 minutes; what is told later still is dated to the first open day. Ours.
LEDGER_DAYS_OPEN = int(environment.text("LEDGER_DAYS_OPEN", "1"))
# Days a patient has to pay a supplementary bill.
CORRECTION_PAYMENT_DAYS = int(environment.text("CORRECTION_PAYMENT_DAYS", "30"))
# Yuan above which a second person agrees to a refund that somebody asks for. No document is known; the amount lies above
# a consultation fee and a month's tablets, which are what is asked back most, and below whatever would be worth a fraud.
REFUND_SECOND_PERSON_ABOVE = Decimal(environment.text("REFUND_SECOND_PERSON_ABOVE", "200.00"))
# Who bears what the patient's part grows by when lines of a bill went back and the insurer pays less for what stays:
# "hospital" or "patient". She agreed to the part she was shown, and no document is known that lets a hospital ask for more.
REFUND_INCREASES_BORNE_BY = environment.text("REFUND_INCREASES_BORNE_BY", "hospital")

# --- Visits ---------------------------------------------------------------------------------------

PLACE_HOLD_MINUTES = int(environment.text("PLACE_HOLD_MINUTES", "15"))
# Minutes after a slot when a visit that no doctor has begun counts as missed; empty: at the end of the day, as a
# hospital's public notice does it. No national number is known.
_missed = environment.text("REVISIT_MISSED_AFTER_MINUTES", "")
REVISIT_MISSED_AFTER_MINUTES = int(_missed) if _missed else None

# Minutes after which a prescription that waits for the pharmacist is marked as late.
PRESCRIPTION_REVIEW_MINUTES = int(environment.text("PRESCRIPTION_REVIEW_MINUTES", "15"))
# Days a diagnosis made at a hospital counts as proof of a re-diagnosis. There is no national number (V-12);
# half a year is what hospitals publish most.
REVISIT_PROOF_WINDOW_DAYS = int(environment.text("REVISIT_PROOF_WINDOW_DAYS", "180"))

ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
SECRET_KEY = environment.text("SECRET_KEY")
SMS_INBOX_URL = ""  # where the demonstration shows the text messages of a mobile number
IS_DEMO = False  # pages then say that people and records are invented

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": "ext://hospital.logs.console",
            "foreign_pre_chain": "ext://hospital.logs.shared",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
