"""What the type checker loads: the product's apps and the simulators' together, so that one run checks both."""

from hospital.settings.test import *

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "simulators.insurer",
    "simulators.insurer.eprescription",
    "simulators.insurer.mobilepay",
    "simulators.insurer.evoucher",
    "simulators.wechatpay",
    "simulators.alipay",
    "simulators.identity",
    "simulators.sms",
]
