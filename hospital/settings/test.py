"""Tests: real PostgreSQL and Valkey from the environment, everything else quick."""

import os

from hospital.settings import environment

# Parallel workers share one Valkey; each takes a numbered database of its own. It is chosen here, because a worker
# reads its settings before any conftest.
if os.environ.get("PYTEST_XDIST_WORKER") and os.environ.get("REDIS_URL"):
    _server = os.environ["REDIS_URL"].rpartition("/")[0]
    os.environ["REDIS_URL"] = f"{_server}/{int(os.environ['PYTEST_XDIST_WORKER'].removeprefix('gw')) + 1}"

from hospital.settings.base import *

SECRET_KEY = "test-only-" + "x" * 50
FIELD_ENCRYPTION_KEY = environment.text("FIELD_ENCRYPTION_KEY", "30313233343536373839616263646566")
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
IS_DEMO = True
