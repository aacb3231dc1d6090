"""Pages through Django's own ASGI handler: what the product does not do, to compare with."""

from django.conf import settings
from django.core.asgi import get_asgi_application

# Under ASGI Django must not keep connections: each belongs to a thread that is not met again, and they would pile up
# until the database refuses new ones.
settings.DATABASES["default"]["CONN_MAX_AGE"] = 0

application = get_asgi_application()
