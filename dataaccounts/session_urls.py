"""Addresses of sessions, log-ins and orders."""

from django.urls import URLPattern, path

from dataaccounts.lists.logins import logins
from dataaccounts.lists.session_orders import orders
from dataaccounts.lists.sessions import sessions
from dataaccounts.views import sessions as views
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(sessions, "sessions/"),
    path("sessions/<int:pk>/ping/", views.ping, name="ping-session"),
    path("sessions/of/<slug:code>/", views.past, name="past-sessions"),
    *of_list(logins, "logins/"),
    *of_list(orders, "orders/"),
    path("orders/<int:pk>/", views.again, name="order-again"),
]
