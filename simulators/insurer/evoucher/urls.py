"""Addresses of the e-voucher middle platform."""

from django.urls import path

from simulators.insurer.evoucher import control, door, page

urlpatterns = [
    path("localcfc/api/hsecfc/localQrCodeQuery", door.door),
    path("authorise/<str:auth_no>/", page.page, name="evoucher_page"),
    path("control/", control.control),
    path("control/<slug:action>/", control.control),
]
