"""The addresses of what waits for a second person."""

from django.urls import path

from herotill.approvals import views
from herotill.approvals.listing import approvals
from herotill.lists.urls import of_list

urlpatterns = [
    *of_list(approvals, "approvals/"),
    path("approvals/<int:pk>/", views.show, name="approval"),
    path("approvals/<int:pk>/withdraw/", views.withdraw, name="approval-withdraw"),
]
