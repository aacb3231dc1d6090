"""Template tags of the design system."""

from decimal import Decimal
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kernel import presentation

register = template.Library()

register.filter("money", presentation.money)
register.filter("masked_name", presentation.masked_name)
register.filter("masked_mobile", presentation.masked_mobile)
register.filter("masked_id", presentation.masked_id)
register.filter("day", presentation.day)
register.filter("clock_time", presentation.clock_time)
register.filter("day_and_time", presentation.day_and_time)

STATES = {
    "waiting": ("waiting", _("Waiting")),
    "progress": ("progress", _("In progress")),
    "needs": ("needs", _("Needs you")),
    "confirming": ("confirming", _("Being confirmed")),
    "done": ("done", _("Done")),
    "stopped": ("stop", _("Stopped")),
    "refused": ("refused", _("Refused")),
}
"""The one vocabulary of badges: kind -> icon and default word."""


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; ``extra`` is ``s`` or ``xs``."""
    size = f" icon--{extra}" if extra else ""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        size,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def state_badge(kind: str, word: object = "") -> SafeString:
    """A badge of the vocabulary; ``word`` replaces the default word."""
    picture, default = STATES[kind]
    return format_html('<span class="state state--{}">{}{}</span>', kind, icon(picture), word or default)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, help_text: object = "") -> dict[str, Any]:
    """The one field component: label above, help under, message beside."""
    widget = bound.field.widget
    kind = "plain"
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "options"
    elif isinstance(widget, CheckboxInput):
        kind = "tick"
    elif not isinstance(widget, (Select, Textarea, ClearableFileInput)):
        kind = "input"
    described = [f"{bound.id_for_label}-help"] if help_text or bound.help_text else []
    described += [f"{bound.id_for_label}-error"] if bound.errors else []
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if kind == "plain":
        attrs["class"] = "field__control"
    control = bound.as_widget(attrs=attrs) if kind != "options" else ""
    return {"bound": bound, "kind": kind, "control": control, "help": help_text or bound.help_text}


@register.inclusion_tag("components/split_bar.html")
def split_bar(fund: Decimal, account: Decimal, cash: Decimal) -> dict[str, Any]:
    """Who pays: fund, personal account, you; widths come from here, so no inline style is needed."""
    return {"fund": fund, "account": account, "cash": cash, "bars": _bars(fund, account, cash)}


def _bars(*amounts: Decimal) -> list[tuple[str, int, int]]:
    """(class, x, width) of each part on a line of 1000, with gaps of 6 between parts that are there."""
    total = sum(amounts, Decimal(0))
    if not total:
        return []
    present = [
        (name, amount) for name, amount in zip(("fund", "account", "self"), amounts, strict=True) if amount
    ]
    room, x, bars = 1000 - 6 * (len(present) - 1), 0, []
    for name, amount in present:
        width = int(amount / total * room)
        bars.append((name, x, width))
        x += width + 6
    name, x, _width = bars[-1]
    bars[-1] = (name, x, 1000 - x)
    return bars


@register.simple_tag
def translated(record: object, name: str) -> str:
    """The column ``name`` of a record in the page's language, falling back to Chinese."""
    other = "" if presentation.is_chinese() else str(getattr(record, f"{name}_en", "") or "")
    return other or str(getattr(record, name))
