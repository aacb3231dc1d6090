"""The administration in the product's colours (static/css/tokens.css) and words."""

from typing import Any

from django.templatetags.static import static
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

_address = lazy(static, str)

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Xinglin administration"),
    "SITE_HEADER": _("Xinglin"),
    "SITE_SUBHEADER": _("Administration"),
    "SITE_ICON": _address("img/favicon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _address("img/favicon.svg")}],
    "STYLES": [lambda _request: static("css/admin.css")],
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "SIDEBAR": {"show_search": True, "show_all_applications": False},
    "COLORS": {
        "base": {
            "50": "#f3f6f5",
            "100": "#eaf0ee",
            "200": "#dfe7e5",
            "300": "#c3cfcc",
            "400": "#93a3a2",
            "500": "#617177",
            "600": "#46555b",
            "700": "#34464d",
            "800": "#1f3037",
            "900": "#14232a",
            "950": "#0c191e",
        },
        "primary": {
            "50": "#f0f8f6",
            "100": "#e2f2ef",
            "200": "#b3d9d3",
            "300": "#7fc0b7",
            "400": "#4f9e94",
            "500": "#1f857d",
            "600": "#0a706b",
            "700": "#075753",
            "800": "#0a5450",
            "900": "#083f3c",
            "950": "#052a28",
        },
    },
}

# The theme comes without Chinese; what it says is collected here, so that our own translations cover it.
THEME_WORDS = (
    _("Add row"),
    _("All applications"),
    _("Apply Filters"),
    _("Click to download"),
    _("Dark"),
    _("Expand row"),
    _("False"),
    _("General"),
    _("Go back"),
    _("Light"),
    _("Loading more results..."),
    _("More actions"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Recent searches"),
    _("Reset filters"),
    _("Run"),
    _("Select all rows"),
    _("System"),
    _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("True"),
    _("Type to search"),
    _("You have been successfully logged out from the administration"),
    _("Choose file to upload"),
    _("Image preview"),
    _("Return to site"),
    _("Search apps and models..."),
)
