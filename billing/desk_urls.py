"""Addresses of the collectors' desk: the list, the call, disputes, hand-overs, scripts."""

from django.urls import URLPattern, path

from billing.lists.desk import debtors
from billing.lists.disputes import disputes as dispute_list
from billing.lists.hand_overs import hand_overs as hand_over_list
from billing.views import desk, disputes, hand_overs
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(debtors, "collections/"),
    path("collections/next/", desk.next_call, name="call-next"),
    path("collections/scripts/", desk.call_scripts_page, name="call-scripts"),
    path("setup/fees/", desk.fee_rules, name="fee-rules"),
    path("collections/hand-overs/file/", hand_overs.file, name="hand-over-file"),
    *of_list(hand_over_list, "collections/hand-overs/"),
    *of_list(dispute_list, "collections/disputes/"),
    path("collections/<slug:code>/", desk.call, name="call"),
    path("documents/<int:pk>/dispute/", disputes.dispute, name="dispute"),
    path("documents/<int:pk>/dispute/answer/", disputes.answer_dispute, name="dispute-answer"),
]
