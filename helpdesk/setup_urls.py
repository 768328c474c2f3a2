"""Addresses of the helpdesk's set-up."""

from django.urls import path

from helpdesk.views import setup

urlpatterns = [path("setup/", setup.rules, name="rules")]
