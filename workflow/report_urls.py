"""Addresses of the figures of sales, below /reports/sales/."""

from django.urls import path

from workflow.views import figures

app_name = "sales"

urlpatterns = [
    path("funnel/", figures.show_funnel, name="funnel"),
    path("by/", figures.show_sales, name="by"),
    path("waiting/", figures.show_work, name="work"),
    path("technicians/", figures.show_load, name="load"),
]
