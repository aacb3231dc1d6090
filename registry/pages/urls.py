"""Addresses of Me."""

from django.urls import path

from registry.pages import views

app_name = "registry"

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/real-name/", views.real_name, name="real_name"),
    path("me/confirming/<str:number>/", views.verification, name="verification"),
    path("me/family/add/", views.family_add, name="family_add"),
    path("me/family/<int:patient_id>/remove/", views.family_remove, name="family_remove"),
    path("me/coverage/<int:patient_id>/", views.coverage, name="coverage"),
]
