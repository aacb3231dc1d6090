"""Tests: real PostgreSQL and Valkey from the environment, everything else quick."""

from hospital.settings import environment
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
