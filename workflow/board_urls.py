"""Addresses of the board and its lists."""

from django.urls import URLPattern, path

from herotill.lists.urls import of_list
from workflow.lists.waiting import route, waiting_lists
from workflow.views import board, moving, setup

urlpatterns: list[URLPattern] = [
    path("", board.show, name="board"),
    path("leads/<int:pk>/move/", moving.move, name="move"),
    path("lists/<slug:step>/", board.to_list, name="list"),
    path("setup/phases/", setup.phases, name="phases"),
    path("setup/phases/<slug:key>/", setup.change_phase, name="phase-change"),
    path("setup/lists/<slug:key>/", setup.change_step, name="step-change"),
    path("setup/sales/", setup.sales_rules, name="sales-rules"),
    *(one for place, listing in waiting_lists.items() for one in of_list(listing, route(place))),
]
