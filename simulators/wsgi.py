"""The WSGI application of the simulators."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simulators.settings")

application = get_wsgi_application()

from simulators.alipay import telling as alipay  # noqa: E402  (needs the apps to be loaded)
from simulators.wechatpay import delivery as wechatpay  # noqa: E402

# Notifications left unsent by an earlier run go out without waiting for a first request.
alipay.start()
wechatpay.start()
