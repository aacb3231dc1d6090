"""Addresses of the portal."""

from django.urls import path

from portal.pages.views import clinic, home, orders, public, visit

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("home/next/", home.home_next, name="home_next"),
    path("home/todo/", home.home_todo, name="home_todo"),
    path("orders/", orders.orders, name="orders"),
    path("orders/now/", orders.orders_now, name="orders_now"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/now/", orders.order_now, name="order_now"),
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
