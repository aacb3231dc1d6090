"""Addresses of signing in and out."""

from django.urls import path

from accounts.pages.views import patient, session, staff

app_name = "accounts"

urlpatterns = [
    path("accounts/sign-in/", patient.sign_in, name="sign_in"),
    path("accounts/code/", patient.enter_code, name="code"),
    path("accounts/code/again/", patient.resend, name="resend"),
    path("accounts/staff/", staff.staff_sign_in, name="staff_sign_in"),
    path("accounts/sign-out/", session.sign_out, name="sign_out"),
    path("accounts/ping", session.ping, name="ping"),
]
