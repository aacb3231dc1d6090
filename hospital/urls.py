"""The table of addresses. Apps keep theirs in ``pages/urls.py``."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from hospital import health
from kernel import showcase
from pricing.api.quotes import Quotes

# Uppermost app first: a page that joins several apps comes before those of one.
PAGES = (
    "portal.pages.urls",
    "finance.pages.urls",
    "consultations.pages.urls",
    "repricing.pages.urls",
    "prescriptions.pages.urls",
    "reconciliation.pages.urls",
    "screening.pages.urls",
    "receipts.pages.urls",
    "refunds.pages.urls",
    "checkout.pages.urls",
    "insurance.pages.urls",
    "payments.pages.urls",
    "encounters.pages.urls",
    "pricing.pages.urls",
    "registry.pages.urls",
    "accounts.pages.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.lives),
    path("readyz", health.ready),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    # The sheet of components, for the people who build and judge pages.
    *([path("components/", showcase.component_sheet, name="components")] if settings.IS_DEMO else []),
    path("api/quotes", Quotes.as_view()),
    path("api/v1/", include("pricing.api.urls")),
    *[path("", include(module)) for module in PAGES],
]
