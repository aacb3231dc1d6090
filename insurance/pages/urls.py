"""Addresses of insurance."""

from django.urls import include, path

from insurance.pages import desk, mobile_notices, one_claim, overview, returning

app_name = "insurance"

urlpatterns = [
    path("insurance/mobile/notifications/", mobile_notices.mobile_notice, name="mobile_notice"),
    path("office/insurance/", overview.overview, name="office"),
    path("office/insurance/days.csv", overview.export, name="export"),
    path("office/insurance/settlements/", desk.claims, name="claims"),
    path("office/insurance/settlements/<str:batch_number>/", one_claim.claim, name="claim"),
    path("office/insurance/settlements/<str:batch_number>/order/", one_claim.order, name="order"),
    path("office/insurance/settlements/<str:batch_number>/conclude/", one_claim.conclude, name="conclude"),
    path("office/insurance/settlements/<str:batch_number>/seen/", one_claim.seen, name="seen"),
    path(
        "office/insurance/settlements/<str:batch_number>/return-lines/",
        returning.return_lines,
        name="return_lines",
    ),
    path(
        "office/insurance/settlements/<str:batch_number>/messages/<str:msgid>/",
        one_claim.message,
        name="message",
    ),
    path("office/insurance/agreements/", include("insurance.pages.agreements.urls")),
]
