"""Addresses of encounters."""

from django.urls import path

from encounters.pages import views

app_name = "encounters"

urlpatterns = [
    path("proofs/<int:file_id>/", views.proof_file, name="proof_file"),
    path("diagnoses/", views.diagnoses, name="diagnoses"),
]
