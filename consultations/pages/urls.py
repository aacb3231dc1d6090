"""Addresses of booking and visits."""

from django.urls import path

from consultations.pages import booking, steps, visits

app_name = "consultations"
urlpatterns = [
    path("departments/", booking.departments, name="departments"),
    path("book/<int:practitioner_id>/", booking.book, name="book"),
    path("visits/", visits.visits, name="visits"),
    path("visits/<str:number>/", visits.visit, name="visit"),
    path("visits/<str:number>/now/", visits.visit_fragment, name="visit_fragment"),
    path("visits/<str:number>/complaint/", steps.complaint, name="complaint"),
    path("visits/<str:number>/proof/", steps.proof, name="proof"),
    path("visits/<str:number>/consent/", steps.consent, name="consent"),
    path("visits/<str:number>/cancel/", visits.cancel, name="cancel"),
    path("visits/<str:number>/conversation/", visits.conversation_json, name="conversation"),
    path("visits/<str:number>/pictures/<int:message_number>/", visits.picture, name="picture"),
]
