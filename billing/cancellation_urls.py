"""Addresses about cancellations."""

from django.urls import URLPattern, path

from billing.lists.cancellations import cancellations as listed
from billing.views import cancellations
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(listed, "cancellations/"),
    path("cancellations/ask/<slug:code>/", cancellations.ask, name="cancellation-ask"),
    path("cancellations/<int:pk>/", cancellations.show, name="cancellation"),
    path("cancellations/<int:pk>/approve/", cancellations.approve, name="cancellation-approve"),
    path("cancellations/<int:pk>/refuse/", cancellations.refuse, name="cancellation-refuse"),
    path("cancellations/<int:pk>/confirm/", cancellations.confirm, name="cancellation-confirm"),
    path("cancellations/<int:pk>/again/", cancellations.again, name="cancellation-again"),
    path("cancellations/<int:pk>/withdraw/", cancellations.withdraw, name="cancellation-withdraw"),
]
