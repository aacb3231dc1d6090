"""The offices in a browser without script."""

from collections.abc import Callable

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User

Work = Callable[[], None]


def client_of(user: User, language: str = "en") -> Client:
    desk = Client()
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    desk.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    desk.get(reverse("accounts:ping"))  # a session is written with its first page
    return desk
