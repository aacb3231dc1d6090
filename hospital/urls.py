"""The table of addresses. Apps keep theirs in ``pages/urls.py`` and ``api/urls.py``."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from hospital import health
from kernel import showcase


def _present(kind: str) -> list[str]:
    """Return the own apps' URL modules of one kind, ``pages`` or ``api``, uppermost app first."""
    return [
        f"{app}.{kind}.urls"
        for app in reversed(settings.OWN_APPS)
        if find_spec(f"{app}.{kind}") and find_spec(f"{app}.{kind}.urls")
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.lives),
    path("readyz", health.ready),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
    *[path("api/v1/", include(module)) for module in _present("api")],
    # The sheet of components, for the people who build and judge pages.
    *([path("components/", showcase.component_sheet, name="components")] if settings.IS_DEMO else []),
    *[path("", include(module)) for module in _present("pages")],
]
