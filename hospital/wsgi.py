"""Ordinary HTTP, for a WSGI server that keeps its database connections open."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings.production")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
