"""Addresses of receipts."""

from django.urls import path

from receipts.pages import verifying, views

app_name = "receipts"
urlpatterns = [
    path("bills/<str:number>/documents/", views.of_bill, name="of_bill"),
    path("receipts/<str:number>/<str:kind>.pdf", views.document, name="document"),
    path("verify/", verifying.entry, name="verify_entry"),
    path("verify/<str:code>/", verifying.verify, name="verify"),
]
