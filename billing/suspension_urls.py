"""Addresses about suspension."""

from django.urls import URLPattern, path

from billing.lists.suspensions import cases
from billing.views import suspensions
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(cases, "suspensions/"),
    path("suspensions/preview/", suspensions.preview, name="suspensions-preview"),
    path("suspensions/preview/file/", suspensions.preview_file, name="suspensions-preview-file"),
    path("suspensions/run/", suspensions.run, name="suspensions-run"),
    path("suspensions/at-once/<slug:code>/", suspensions.at_once, name="suspend-at-once"),
    path("suspensions/why/<slug:code>/", suspensions.why, name="why-suspension"),
    path("suspensions/<int:pk>/", suspensions.show, name="suspension"),
    path("suspensions/<int:pk>/approve/", suspensions.approve, name="suspension-approve"),
    path("suspensions/<int:pk>/keep/", suspensions.keep, name="suspension-keep"),
    path("suspensions/<int:pk>/pause/", suspensions.pause, name="suspension-pause"),
    path("suspensions/<int:pk>/reset/", suspensions.reset, name="suspension-reset"),
    path("setup/suspension/", suspensions.rules, name="suspension-rules"),
]
