"""``make pictures``: take the pictures of the documentation from the running product, as two people see it.

Starts the product beside a throw-away database, walks a patient from booking to the conversation and a doctor to her
prescription, and leaves small pictures in ``docs/pictures``. Everybody in them is invented.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from launcher import browser as chromium
from launcher import driver, services, stack

INTO = stack.ROOT / "docs" / "pictures"
LARGEST = 150_000  # bytes
COLOURS = 128
FIRST_PATIENT = ("13800000001", "张秀英")


def main() -> int:
    program = chromium.find()
    if program is None:
        sys.stderr.write("Chromium was not found; install the package chromium, or run as root.\n")
        return 1
    os.environ.update(driver.environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings.test")
    with services.for_tests(stack.ROOT / "var"), tempfile.TemporaryDirectory() as home:
        from tests import live_stack

        live = live_stack.start(Path(home))
        try:
            with sync_playwright() as playwright:
                _walk(playwright.chromium.launch(executable_path=program, args=list(chromium.FLAGS)), live)
        finally:
            live.stop()
    return 0


def _walk(browser: Browser, live: object) -> None:
    """The way of the main journey, with pictures on the way."""
    from tests.journeys.actors import Doctor, Patient
    from tests.live_stack import LiveStack

    assert isinstance(live, LiveStack)
    patient = Patient(browser, live, *FIRST_PATIENT)
    doctor = Doctor(browser, live, "doctor01")
    patient.sign_in()
    patient.choose_place("林致远")
    number = patient.hold()
    patient.describe()
    patient.prove_by_own_record()
    patient.consent()
    patient.see_shares()
    _take(patient.page, "patient-pays")
    patient.pay()
    patient.wait_until_settled()
    patient.enter_room(number)
    _take(patient.page, "patient-waits")
    doctor.sign_in()
    doctor.open(number)
    doctor.begin()
    patient.say("早上 130/82，没有头晕。")
    doctor.hears("早上 130/82，没有头晕。")
    doctor.say("控制得不错，继续吃。")
    patient.hears("控制得不错，继续吃。")
    _take(patient.page, "patient-talks")
    doctor.confirm_revisit()
    doctor.write_record()
    doctor.prescribe(search="aldp", days="28")
    _take(doctor.page, "doctor-prescribes")


def _take(page: Page, name: str) -> None:
    """Write the visible part of a page with few colours.

    Raises:
        ValueError: it is still too large to be carried by the repository.
    """
    page.evaluate("document.fonts.ready")
    seen = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = INTO / f"{name}.png"
    seen.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(stack.ROOT)}  {seen.width} px, {path.stat().st_size // 1000} kB\n")
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path.name} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    sys.exit(main())
