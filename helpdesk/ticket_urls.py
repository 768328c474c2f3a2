"""Addresses of tickets at the desk."""

from django.urls import URLPattern, path

from helpdesk.lists.tickets import ticket_lists
from helpdesk.views import ticket_deeds as deeds
from helpdesk.views import tickets
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    path("tickets/new/", deeds.new, name="ticket-new"),
    path("tickets/<int:pk>/", tickets.show, name="ticket"),
    path("tickets/<int:pk>/answer/", tickets.answer, name="ticket-answer"),
    path("tickets/<int:pk>/note/", tickets.note, name="ticket-note"),
    path("tickets/<int:pk>/canned/", tickets.canned, name="ticket-canned"),
    path("tickets/<int:pk>/here/", tickets.here, name="ticket-here"),
    path("tickets/<int:pk>/files/<int:file>/", tickets.file, name="ticket-file"),
    path("tickets/<int:pk>/assign/", deeds.assign, name="ticket-assign"),
    path("tickets/<int:pk>/take/", deeds.take, name="ticket-take"),
    path("tickets/<int:pk>/move/", deeds.move, name="ticket-move"),
    path("tickets/<int:pk>/close/", deeds.close, name="ticket-close"),
    path("tickets/<int:pk>/reopen/", deeds.reopen, name="ticket-reopen"),
    path("tickets/<int:pk>/link/", deeds.link, name="ticket-link"),
    path("tickets/<int:pk>/merge/", deeds.merge, name="ticket-merge"),
    path("tickets/<int:pk>/split/", deeds.split, name="ticket-split"),
    path("tickets/<int:pk>/watchers/", deeds.watchers, name="ticket-watchers"),
    path("tickets/<int:pk>/watch/", deeds.watch, name="ticket-watch"),
    *(one for route, listing in ticket_lists.items() for one in of_list(listing, route)),
]
