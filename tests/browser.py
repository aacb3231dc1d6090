"""Chromium for the journeys, as pytest-playwright wants it."""

import os

import pytest

from launcher import browser, driver

os.environ.update(driver.environment())


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Use the machine's Chromium. None there: a failure in CI, a skip elsewhere."""
    program = browser.find()
    if program is None:
        reason = "Chromium was not found; install the package chromium, or run as root."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return {"executable_path": str(program), "args": list(browser.FLAGS), "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """A person in China at a desk; a test that wants a phone opens its own context."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1366, "height": 900}}
