"""Addresses of leads that become customers."""

from django.urls import path

from workflow.views import active_customers, new_customers

urlpatterns = [
    path("leads/<int:pk>/customer/", new_customers.create, name="new-customer"),
    path("leads/<int:pk>/link/", new_customers.link, name="link-customer"),
    path("leads/<int:pk>/link/found/", new_customers.candidates, name="link-candidates"),
    path("leads/<int:pk>/unlink/", new_customers.unlink, name="unlink-customer"),
    path("leads/<int:pk>/active/", active_customers.active, name="active-customer"),
    path("leads/<int:pk>/active/payment/", active_customers.payment, name="active-payment"),
]
