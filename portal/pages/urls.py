"""Addresses of the portal."""

from django.urls import path

from portal.pages.views import clinic, home, public, visit

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("home/next/", home.home_next, name="home_next"),
    path("home/todo/", home.home_todo, name="home_todo"),
    path("hospital/", public.hospital, name="hospital"),
    path("elder/", public.elder, name="elder"),
    path("offline/", public.offline, name="offline"),
    path("clinic/", clinic.clinic, name="clinic"),
    path("clinic/queue/", clinic.queue, name="queue"),
    path("clinic/diagnoses/", clinic.diagnoses, name="diagnoses"),
    path("clinic/<str:number>/", clinic.encounter, name="encounter"),
    path("clinic/<str:number>/reveal/", clinic.reveal, name="reveal"),
    path("clinic/<str:number>/begin/", visit.begin, name="begin"),
    path("clinic/<str:number>/decide/", visit.decide, name="decide"),
    path("clinic/<str:number>/record/", visit.record, name="record"),
    path("clinic/<str:number>/stop/", visit.stop, name="stop"),
    path("clinic/<str:number>/finish/", visit.finish, name="finish"),
]
