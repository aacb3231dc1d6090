"""One machine, embedded servers, simulators: what ``make run`` uses. Not for real patients."""

from hospital.settings import environment
from hospital.settings.base import *

DEBUG = environment.flag("DEBUG")
# Nothing real is protected by these; the launcher passes random ones kept under var/.
SECRET_KEY = environment.text("SECRET_KEY", "demonstration-only-not-a-secret-" + "x" * 32)
FIELD_ENCRYPTION_KEY = environment.text("FIELD_ENCRYPTION_KEY", "30313233343536373839616263646566")
ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS", "*")
IS_DEMO = True
