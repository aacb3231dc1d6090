"""The administration in the product's colours (static/css/tokens.css) and words."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

_address = lazy(static, str)


def _entry(title: Promise, app: str, model: str, icon: str) -> dict[str, Any]:
    """A list in the side bar, for those who may see it."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
        "permission": lambda request: request.user.has_perm(f"{app}.view_{model}"),
    }


def _group(title: Promise, *entries: dict[str, Any]) -> dict[str, Any]:
    """Lists of one trade."""
    return {"title": title, "separator": True, "items": list(entries)}


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
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            _group(
                _("Hospital"),
                _entry(_("Institutions"), "registry", "institution", "apartment"),
                _entry(_("Departments"), "registry", "department", "account_tree"),
                _entry(_("Staff"), "registry", "practitioner", "stethoscope"),
                _entry(_("Schedules"), "consultations", "schedule", "calendar_month"),
                _entry(_("Slots"), "consultations", "slot", "schedule"),
            ),
            _group(
                _("People"),
                _entry(_("Accounts"), "accounts", "user", "manage_accounts"),
                _entry(_("Patients"), "registry", "patient", "personal_injury"),
                _entry(_("Rights to act"), "registry", "guardianship", "family_restroom"),
                _entry(_("Real-name checks"), "registry", "verificationrequest", "verified_user"),
            ),
            _group(
                _("Price office"),
                {
                    "title": _("Desk: draft, review, publish"),
                    "icon": "edit_document",
                    "link": reverse_lazy("pricing:office"),
                    "permission": lambda request: request.user.is_in_role("administrator"),
                },
                _entry(_("Price items"), "pricing", "priceitem", "sell"),
                _entry(_("Price versions"), "pricing", "price", "currency_yuan"),
                _entry(_("Price documents"), "pricing", "tariffdocument", "description"),
                _entry(_("On-site fees"), "pricing", "onsitefeeschedule", "home_health"),
                _entry(_("Public holidays"), "pricing", "publicholiday", "celebration"),
                _entry(_("Openings of services"), "pricing", "policyopening", "lock_open"),
                _entry(_("Sharing agreements"), "pricing", "sharingagreement", "handshake"),
            ),
            _group(
                _("Care"),
                _entry(_("Medicines"), "prescriptions", "drug", "pill"),
                _entry(_("Diagnosis codes"), "encounters", "diagnosiscode", "list_alt"),
                _entry(_("Consent texts"), "encounters", "consentdocument", "signature"),
            ),
            _group(
                _("Money"),
                _entry(_("Bills"), "billing", "bill", "receipt_long"),
                _entry(_("Checkouts"), "checkout", "checkout", "point_of_sale"),
                _entry(_("Claims"), "insurance", "claim", "health_and_safety"),
                _entry(_("Settlements"), "insurance", "settlement", "account_balance"),
                _entry(_("Payment orders"), "payments", "paymentorder", "payments"),
                _entry(_("Refunds"), "payments", "refund", "undo"),
            ),
            _group(
                _("Records"),
                _entry(_("Visits"), "encounters", "encounter", "clinical_notes"),
                _entry(_("Prescriptions"), "prescriptions", "prescription", "prescriptions"),
                _entry(_("Messages to the insurer"), "insurance", "gatewaymessage", "swap_horiz"),
                _entry(_("Payment notifications"), "payments", "paymentnotification", "notifications"),
            ),
        ],
    },
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
    _("Filters"),
    _("Select record"),
    _("Select action"),
    _("Select action to run"),
    _("Select value"),
    _("Date from"),
    _("Date to"),
    _("Export"),
    _("Import"),
    _("Confirm import"),
    _("Date"),
    _("Previous"),
    _("Next"),
    _("Click to cancel"),
)
