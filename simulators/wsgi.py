"""The WSGI application of the simulators."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "simulators.settings")

application = get_wsgi_application()

from simulators.wechatpay import delivery  # noqa: E402  (needs the apps to be loaded)

# Notifications left unsent by an earlier run go out without waiting for a first request.
delivery.start()
