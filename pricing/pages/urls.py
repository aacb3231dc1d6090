"""Addresses of published prices."""

from django.urls import path

from pricing.pages import views

app_name = "pricing"

urlpatterns = [
    path("prices/", views.price_list, name="list"),
    path("prices/<str:code>/", views.item, name="item"),
    path("prices/<str:code>/why/", views.why, name="why"),
]
