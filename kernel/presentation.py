"""How values look on screen: money, masked names, days in both languages. Pure, but for the chosen language."""

from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

MODE_COOKIE = "xl_mode"
SCHEME_COOKIE = "xl_scheme"
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def money(amount: Decimal | None) -> str:
    """``¥1,234.50``; nothing for what is not known."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,.2f}"


def masked_name(name: str) -> str:
    """张*英 for three characters and more, 张* for two."""
    if len(name) < 2:
        return name
    return f"{name[0]}*{name[2:]}"


def masked_mobile(mobile: str) -> str:
    """138****1234."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile else ""


def masked_id(number: str) -> str:
    """110***********1234."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if number else ""


def day(value: date | datetime | None) -> str:
    """11月26日 周四, or Thu 26 Nov; with the year when it is not this one."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    year = "" if value.year == timezone.localdate().year else str(value.year)
    if is_chinese():
        lead = f"{year}年" if year else ""
        return f"{lead}{value.month}月{value.day}日 周{_WEEKDAYS_ZH[value.weekday()]}"
    tail = f" {year}" if year else ""
    return f"{_WEEKDAYS_EN[value.weekday()]} {value.day} {_MONTHS_EN[value.month - 1]}{tail}"


def clock_time(value: datetime | None) -> str:
    """14:30 in Asia/Shanghai."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


def day_and_time(value: datetime | None) -> str:
    """Day and time in Asia/Shanghai."""
    return f"{day(value)} {clock_time(value)}" if value else ""


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every page: how large and in which scheme the person wants it."""
    mode = "elder" if request.COOKIES.get(MODE_COOKIE) == "elder" else ""
    scheme = request.COOKIES.get(SCHEME_COOKIE, "")
    return {
        "shell_mode": mode,
        "shell_scheme": scheme if scheme in ("light", "dark") else "",
        "IS_DEMO": settings.IS_DEMO,
    }
