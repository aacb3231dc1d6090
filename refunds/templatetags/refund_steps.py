"""``{% load refund_steps %}{% refund_steps bill %}``: every refund of a bill, step by step."""

from typing import Any

from django import template

from billing.models import Bill
from refunds.queries.lists import requests_of
from refunds.queries.steps import shown_amount, steps_of

register = template.Library()


@register.inclusion_tag("refunds/_steps.html")
def refund_steps(bill: Bill) -> dict[str, Any]:
    """The block of the patient's pages; nothing when nothing was asked back. One query."""
    found = requests_of(bill.pk)
    return {"refunds": [(each, shown_amount(each), steps_of(each)) for each in found]}
