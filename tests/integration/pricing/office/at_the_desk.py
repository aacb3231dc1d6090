"""The price office in a browser without script: who sits there, and what is typed."""

from django.test import Client
from django.urls import reverse

from accounts.models import User

LIST = "/office/prices/"


def browser(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def at(name: str, *arguments: object) -> str:
    return reverse(f"pricing:office_{name}" if name else "pricing:office", args=arguments)


def typed(**changed: object) -> dict[str, object]:
    """A complete row of a fixed amount."""
    return {
        "kind": "fixed", "amount": "12.50", "region_code": "330000", "institution_level": "3", "takes_surcharges": "on",
        "begins_on": "2027-01-01", "last_on": "", **changed,
    }  # fmt: skip
