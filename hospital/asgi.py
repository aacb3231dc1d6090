"""Websockets, and on one machine ordinary HTTP beside them in the same process.

HTTP goes through WSGI even here: Django's own ASGI handler opens a database connection for each request.
"""

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings.production")

from a2wsgi import WSGIMiddleware
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.wsgi import get_wsgi_application

HTTP_THREADS = 8

_wsgi = get_wsgi_application()

# Only now: these import models, which Django had to make ready first.
from consultations import consumers as consultations
from kernel import consumers as kernel

# Django types its handler by what it returns rather than by the WSGI protocol.
_http = WSGIMiddleware(cast("Any", _wsgi), workers=HTTP_THREADS)
_websocket_routes = [*consultations.websocket_urlpatterns, *kernel.websocket_urlpatterns]

application = ProtocolTypeRouter(
    {
        "http": _http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(_websocket_routes))),
    }
)
