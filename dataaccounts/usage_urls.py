"""Addresses of usage."""

from django.urls import URLPattern, path

from dataaccounts.views import problems, usage

urlpatterns: list[URLPattern] = [
    path("problems/", problems.problems, name="problems"),
    path("problems/counts/", problems.counts, name="problem-counts"),
    path("problems/close/", problems.close, name="problem-close"),
    path("problems/cut/", problems.cut, name="problem-cut"),
    path("problems/link/", problems.link, name="problem-link"),
    path("customers/<slug:code>/usage/", usage.of_customer, name="usage-of-customer"),
]
