"""One machine, embedded servers, simulators: what ``make run`` uses. Not for real patients."""

from datetime import timedelta

from hospital.settings import environment
from hospital.settings.base import *
from hospital.settings.base import CONTENT_SECURITY_POLICY
from hospital.settings.integrations import SIMULATORS_URL

DEBUG = environment.flag("DEBUG")
# Nothing real is protected by these; the launcher passes random ones kept under var/.
SECRET_KEY = environment.text("SECRET_KEY", "demonstration-only-not-a-secret-" + "x" * 32)
FIELD_ENCRYPTION_KEY = environment.text("FIELD_ENCRYPTION_KEY", "30313233343536373839616263646566")
ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS", "*")
IS_DEMO = True
# A demonstration is shown in several roles side by side for a working day; real staff sign out after 15 minutes.
SESSION_IDLE_STAFF = timedelta(hours=8)
SMS_INBOX_URL = environment.text(
    "SMS_INBOX_URL",
    f"{environment.text('SIMULATORS_PUBLIC_URL', SIMULATORS_URL)}/sms/" if SIMULATORS_URL else "",
)

if SIMULATORS_URL:
    # Paying sends the browser from our form to WeChat Pay's page, which is the simulator's here.
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(SIMULATORS_URL)
