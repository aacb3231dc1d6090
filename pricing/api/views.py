"""Prices that anyone may read."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import clock
from pricing.api.serializers import PublishedPriceSerializer
from pricing.queries import published_prices
from registry.queries import institution


class PublishedPrices(APIView):
    """``GET /api/v1/prices/?on=2026-11-22``: what the hospital charges on a day, today unless asked otherwise."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The same rows that bill."""
        hospital = institution()
        if hospital is None:
            raise NotFound(_("No hospital has been entered yet."))
        on = _day(request)
        rows = PublishedPriceSerializer(published_prices(hospital, on), many=True).data
        return Response(
            {
                "institution": hospital.code,
                "on": on.isoformat(),
                "is_demonstration": hospital.is_demonstration,
                "prices": rows,
            }
        )


def _day(request: Request) -> date:
    """The day asked for."""
    asked = request.query_params.get("on", "")
    if not asked:
        return clock.day_of(clock.now())
    try:
        return date.fromisoformat(asked)
    except ValueError as wrong:
        raise ValidationError({"on": [_("Write the day as 2026-11-22.")]}) from wrong
