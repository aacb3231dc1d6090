"""Websockets, and on one machine ordinary HTTP beside them in the same process.

HTTP goes through WSGI even here: Django's own ASGI handler opens a database connection for each request.
"""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings.production")

from a2wsgi import WSGIMiddleware
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.wsgi import get_wsgi_application

HTTP_THREADS = 8

# Django types its handler by what it returns rather than by the WSGI protocol.
_http = WSGIMiddleware(cast("Any", get_wsgi_application()), workers=HTTP_THREADS)
_websocket_routes = [
    route
    for app in settings.OWN_APPS
    if find_spec(f"{app}.consumers")
    for route in import_module(f"{app}.consumers").websocket_urlpatterns
]

application = ProtocolTypeRouter(
    {
        "http": _http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(_websocket_routes))),
    }
)
