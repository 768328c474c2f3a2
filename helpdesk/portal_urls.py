"""The helpdesk's pages in the portal, at /portal/."""

from django.urls import URLPattern, path

from helpdesk.portal import ratings, tickets

urlpatterns: list[URLPattern] = [
    path("tickets/", tickets.listed, name="portal-tickets"),
    path("tickets/new/", tickets.new, name="portal-ticket-new"),
    path("tickets/<int:pk>/", tickets.show, name="portal-ticket"),
    path("tickets/<int:pk>/answer/", tickets.answer, name="portal-ticket-answer"),
    path("tickets/<int:pk>/solved/", tickets.solved, name="portal-ticket-solved"),
    path("tickets/<int:pk>/files/<int:file_pk>/", tickets.file, name="portal-ticket-file"),
    path("ratings/", ratings.listed, name="portal-ratings"),
    path("ratings/<int:pk>/", ratings.rate, name="portal-rating"),
]
