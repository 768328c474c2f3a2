"""Addresses of the month-end."""

from django.urls import URLPattern, path

from billing.lists.preview import preview
from billing.views import month_end
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(preview, "month-end/preview/"),
    path("month-end/", month_end.listed, name="month-ends"),
    path("month-end/new/", month_end.new, name="month-end-new"),
    path("month-end/<int:pk>/", month_end.show, name="month-end"),
    path("month-end/<int:pk>/dates/", month_end.dates, name="month-end-dates"),
    path("month-end/<int:pk>/sign/", month_end.sign, name="month-end-sign"),
    path("month-end/<int:pk>/nothing/", month_end.nothing, name="month-end-nothing"),
    path("month-end/<int:pk>/<slug:deed_name>/", month_end.deed, name="month-end-deed"),
]
