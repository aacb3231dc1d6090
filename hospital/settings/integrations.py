"""Outside systems: the insurer's gateway, the payment channels, identity, text messages, and what documents are signed with.

Without an address of its own each is asked for at the simulators.
"""

from hospital.settings import environment

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
# Institutions with credentials of their own at their insurer: a YAML file outside the repository, institution -> settings.
INSURANCE_CREDENTIALS_FILE = environment.text("INSURANCE_CREDENTIALS_FILE")
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
# Who holds the phone inside WeChat; without the service account's secret nobody is offered to pay there.
WECHATPAY_APP_SECRET = environment.text("WECHATPAY_APP_SECRET")
_wechat = f"{SIMULATORS_URL}/wechatpay" if SIMULATORS_URL else ""
WECHAT_OPEN_URL = environment.text("WECHAT_OPEN_URL", _wechat or "https://open.weixin.qq.com")
WECHAT_API_URL = environment.text("WECHAT_API_URL", _wechat or "https://api.weixin.qq.com")
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
