"""Addresses of ratings at the desk."""

from django.urls import URLPattern, path

from helpdesk.lists.ratings import ratings as listed
from helpdesk.views import ratings
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(listed, "ratings/"),
    path("ratings/<int:pk>/", ratings.show, name="rating"),
    path("ratings/ask/<slug:code>/", ratings.ask, name="rating-ask"),
]
