"""Addresses of the figures of the helpdesk, below /reports/helpdesk/."""

from django.urls import path

from helpdesk.views import figures, rating_figures

app_name = "helpdesk-reports"

urlpatterns = [
    path("", figures.show_volumes, name="volumes"),
    path("times/", figures.show_times, name="times"),
    path("ratings/", rating_figures.show, name="ratings"),
]
