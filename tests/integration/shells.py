"""Pages drawn without the apps above them."""

from importlib.util import find_spec
from typing import Any

import pytest
from django.conf import settings as current

ABOVE = ("portal", "consultations", "prescriptions")


@pytest.fixture
def shells(settings: Any) -> None:
    """Give the links of the shells somewhere to go when the apps that own them are not installed."""
    has_all = all(app in current.OWN_APPS and find_spec(f"{app}.pages.urls") for app in ABOVE)
    if not has_all:
        settings.ROOT_URLCONF = "tests.integration.shell_urls"
