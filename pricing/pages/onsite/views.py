"""Everyone may ask what a visit to her home costs; nobody has to sign in."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.forms import show_refusal
from pricing.models import Category, OnsiteFeeSchedule, OnsitePart
from pricing.pages.onsite.forms import INSIDE, WholeVisitForm, asked_day
from pricing.pages.onsite.shown import Visit, refused, visit_of
from pricing.pages.onsite.tables import schedule_table
from pricing.queries import home_items, home_visit_quote, knows_holidays_of, onsite_schedules
from pricing.rules import PricingRefused
from registry.models import Institution


@require_safe
def onsite_fee(request: HttpRequest) -> HttpResponse:
    """The calculator: what the visit costs, step by step, and the published schedules under it."""
    today = clock.day_of(clock.now())
    hospitals = list(
        Institution.objects.filter(onsite_fees__published_on__isnull=False).distinct().order_by("pk")
    )
    hospital = _chosen_hospital(request, hospitals)
    schedules = onsite_schedules(hospital) if hospital else []
    context: dict[str, object] = {"tab": "home", "hospital": hospital, "hospitals": hospitals}
    if hospital is None or not schedules:
        return render(request, "pricing/onsite_fee.html", context)
    day = asked_day(request.GET.get("day")) or today
    schedule = _chosen_schedule(request, schedules, day)
    form = _form(request, schedule, hospital, day)
    current = [each for each in schedules if each.effective.upper is None or each.effective.upper > today]
    context |= {
        "form": form,
        "schedule": schedule,
        "items": list({each.item.code: each.item for each in schedules}.values()),
        "tables": [schedule_table(each, today) for each in reversed(current)],
        "visit": _visit(form, hospital),
    }
    return render(request, "pricing/onsite_fee.html", context)


def _chosen_hospital(request: HttpRequest, hospitals: list[Institution]) -> Institution | None:
    code = request.GET.get("institution")
    named = [hospital for hospital in hospitals if hospital.code == code]
    return next(iter(named or hospitals), None)


def _chosen_schedule(
    request: HttpRequest, schedules: list[OnsiteFeeSchedule], day: date
) -> OnsiteFeeSchedule:
    """Of the named item, or else the first; the one in force on the day, or else the next, or the last."""
    code = request.GET.get("item")
    first = min(schedules, key=lambda each: each.item.code).item.code
    wanted = code if code in {each.item.code for each in schedules} else first
    of_item = [each for each in schedules if each.item.code == wanted]
    holding = [each for each in of_item if each.effective.upper is None or each.effective.upper > day]
    return holding[-1] if holding else of_item[0]


def _form(
    request: HttpRequest, schedule: OnsiteFeeSchedule, hospital: Institution, day: date
) -> WholeVisitForm:
    items = [
        *home_items(hospital, day, category=Category.NURSING),
        *home_items(hospital, day, category=Category.CONSUMABLE),
    ]
    once = list({published.item.code: published for published in reversed(items)}.values())
    initial = {
        "area": INSIDE,
        "day": max(day, schedule.effective.lower) if request.GET else _first_day(schedule),
        "start": "09:00",
        "duration_minutes": 60,
        "persons": 1,
    }
    is_asked = "day" in request.GET
    return WholeVisitForm(
        request.GET if is_asked else None, schedule=schedule, items=once[::-1], initial=initial
    )


def _first_day(schedule: OnsiteFeeSchedule) -> date:
    """Tomorrow, or the first day of a fee to come."""
    tomorrow: date = clock.day_of(clock.now()) + timedelta(days=1)
    begin: date = schedule.effective.lower
    return max(tomorrow, begin)


def _visit(form: WholeVisitForm, hospital: Institution) -> Visit | None:
    """The price, or the refusal, which then stands beside its field as well; None while nothing is asked."""
    if not form.is_bound or not form.is_valid():
        return None
    visit = form.visit()
    try:
        quote = home_visit_quote(
            institution=hospital,
            visit=visit,
            service_lines=form.lines(Category.NURSING),
            consumables=form.lines(Category.CONSUMABLE),
            onsite_item=form.schedule.item.code,
        )
    except PricingRefused as refusal:
        show_refusal(form, refusal)
        return refused(refusal)
    asks_holidays = any(row.part == OnsitePart.HOLIDAY for row in form.schedule.rows.all())
    unknown = asks_holidays and not knows_holidays_of(visit.service_on.year, hospital)
    return visit_of(quote, is_holiday_unknown=unknown)
