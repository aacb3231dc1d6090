"""How values look on screen: money, days and times in both languages. Pure, but for the chosen language and the clock."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

MODE_COOKIE = "xl_mode"
SCHEME_COOKIE = "xl_scheme"
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every page: how large and in which scheme the person wants it."""
    mode = "elder" if request.COOKIES.get(MODE_COOKIE) == "elder" else ""
    scheme = request.COOKIES.get(SCHEME_COOKIE, "")
    return {
        "shell_mode": mode,
        "shell_scheme": scheme if scheme in ("light", "dark") else "",
        "IS_DEMO": settings.IS_DEMO,
    }


def is_chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def money(amount: Decimal | None) -> str:
    """``¥1,234.50``; nothing for what is not known."""
    if amount is None:
        return ""
    sign = "-" if amount < 0 else ""
    return f"{sign}¥{abs(amount):,.2f}"


def signed_money(amount: Decimal | None) -> str:
    """``+ ¥1.00`` or ``- ¥1.00``: a step of a sum."""
    if amount is None:
        return ""
    return f"{'-' if amount < 0 else '+'} ¥{abs(amount):,.2f}"


def thousands(number: int | None) -> str:
    """``12,480``; nothing for what is not known."""
    return "" if number is None else f"{number:,}"


def initial(name: str) -> str:
    """What stands in the avatar: the family name, or the first letter."""
    return name.strip()[:1].upper()


def _local_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """11 月 26 日 周四, or Thu 26 Nov; with the year when it is not this one."""
    if value is None:
        return ""
    value = _local_day(value)
    year = "" if value.year == timezone.localdate().year else str(value.year)
    if is_chinese():
        lead = f"{year} 年 " if year else ""
        return f"{lead}{value.month} 月 {value.day} 日 周{_WEEKDAYS_ZH[value.weekday()]}"
    tail = f" {year}" if year else ""
    return f"{_WEEKDAYS_EN[value.weekday()]} {value.day} {_MONTHS_EN[value.month - 1]}{tail}"


def weekday(value: date | datetime | None) -> str:
    """周四 or Thu."""
    if value is None:
        return ""
    number = _local_day(value).weekday()
    return f"周{_WEEKDAYS_ZH[number]}" if is_chinese() else _WEEKDAYS_EN[number]


def near_day(value: date | datetime | None) -> str:
    """Today, tomorrow or yesterday in words; any other day as ``day`` says it."""
    if value is None:
        return ""
    value = _local_day(value)
    words = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    said = words.get((value - timezone.localdate()).days)
    return said or day(value)


def iso(value: date | datetime | None) -> str:
    """2026-11-26, the way documents and machines write it."""
    return _local_day(value).isoformat() if value else ""


def clock_time(value: datetime | None) -> str:
    """14:30 in Asia/Shanghai."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


def day_and_time(value: datetime | None) -> str:
    """Day and time in Asia/Shanghai."""
    return f"{day(value)} {clock_time(value)}" if value else ""


def moment(value: datetime | None) -> str:
    """今天 14:30, or 11 月 26 日 周四 14:30."""
    return f"{near_day(value)} {clock_time(value)}" if value else ""


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Just now, minutes, hours within a day; then the moment itself. The future is told as the moment."""
    if value is None:
        return ""
    passed = (now or timezone.now()) - value
    if passed < timedelta() or passed >= timedelta(hours=24):
        return moment(value)
    minutes = passed // timedelta(minutes=1)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}


def time_left(deadline: datetime, now: datetime | None = None) -> str:
    """Minutes and seconds to a deadline, 14:32; from an hour on 1:05:00; never below 00:00."""
    seconds = max(0, int((deadline - (now or timezone.now())).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
