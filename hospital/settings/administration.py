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
