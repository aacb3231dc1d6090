"""Template tags of the design system: ``{% load ui %}``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from kernel import identifiers, presentation
from kernel.fields import parts_of, summary_of
from kernel.icons import ICONS, UnknownIcon

register = template.Library()

for _filter in (
    presentation.money,
    presentation.signed_money,
    presentation.thousands,
    presentation.initial,
    presentation.day,
    presentation.weekday,
    presentation.near_day,
    presentation.iso,
    presentation.clock_time,
    presentation.day_and_time,
    presentation.moment,
    presentation.ago,
    identifiers.masked_name,
    identifiers.masked_mobile,
    identifiers.grouped_mobile,
):
    register.filter(_filter.__name__, _filter)
register.filter("masked_id", identifiers.masked_id_number)

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
    """An icon of the sprite; ``extra`` is ``s`` or ``xs``.

    Raises:
        UnknownIcon: the sprite has no such icon; an empty square would pass unnoticed.
    """
    if name not in ICONS:
        raise UnknownIcon(name)
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
def field(
    bound: BoundField, help_text: object = "", layout: str = "", *, required: bool | None = None
) -> dict[str, Any]:
    """The one field component: label above, help under, message beside.

    ``layout="cards"`` sets choices side by side. ``required=True`` leaves "(optional)" out where a rule, not the
    form field, asks for the value.
    """
    return parts_of(bound, help_text=help_text, layout=layout, required=required)


@register.simple_tag
def summary_lines(form: object, problems: Sequence[Mapping[str, Any]] | str) -> list[tuple[str, object]]:
    """What the error summary lists: (id of the field or nothing, words), the page's own problems first."""
    own = [(str(p.get("field") or ""), p["message"]) for p in problems or () if isinstance(p, Mapping)]
    return own + (list(summary_of(form)) if isinstance(form, BaseForm) and form.is_bound else [])


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
def countdown(deadline: datetime, expired_url: str = "") -> SafeString:
    """Time left as minutes and seconds; the script goes on from the server's clock, not the device's."""
    expired = format_html(' data-expired-url="{}"', expired_url) if expired_url else ""
    return format_html(
        '<b role="timer" class="num" data-deadline="{}" data-now="{}"{}>{}</b>',
        deadline.isoformat(),
        timezone.now().isoformat(),
        expired,
        presentation.time_left(deadline),
    )


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """The family name in a circle; ``size`` is ``s`` or ``l``."""
    look = f" avatar--{size}" if size else ""
    return format_html(
        '<span class="avatar{}" aria-hidden="true">{}</span>', look, presentation.initial(name)
    )


@register.simple_tag
def meter(value: float, most: float, tone: str = "") -> SafeString:
    """How far something has come, as a bar; the words beside it carry the meaning."""
    look = f" meter--{tone}" if tone else ""
    share = 0 if not most else max(0, min(100, round(100 * value / most)))
    return format_html(
        '<svg class="meter{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect x="0" y="0" width="{}" height="6"></rect></svg>',
        look,
        share,
    )


@register.simple_tag
def qr(text: str, label: object = "") -> SafeString:
    """A QR code as inline SVG, dark on white in every scheme."""
    import segno  # noqa: PLC0415 - only the pages that show a code pay for the import

    drawing = segno.make(text, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True)
    safe = mark_safe(drawing)  # noqa: S308 - segno writes digits and fixed words only
    return format_html('<div class="qr" role="img" aria-label="{}">{}</div>', label or text, safe)


@register.simple_block_tag
def sheet(content: SafeString, name: str, title: object) -> SafeString:
    """A dialog that rises from the bottom; opened by ``<button type="button" data-opens="name">``."""
    shown = render_to_string("components/sheet.html", {"content": content, "name": name, "title": title})
    return mark_safe(shown)  # noqa: S308 - rendered by a template


@register.simple_tag
def translated(record: object, name: str) -> str:
    """The column ``name`` of a record in the page's language, falling back to Chinese."""
    other = "" if presentation.is_chinese() else str(getattr(record, f"{name}_en", "") or "")
    return other or str(getattr(record, name))
