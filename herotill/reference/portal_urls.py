"""Ourselves on the customers' side, at /portal/."""

from django.urls import path

from herotill.reference.portal import ourselves

urlpatterns = [
    path("logo/", ourselves.logo, name="portal-logo"),
    path("colours/", ourselves.colour, name="portal-colours"),
    path("terms/", ourselves.terms, name="portal-terms"),
]
