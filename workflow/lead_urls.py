"""Addresses of leads."""

from django.urls import URLPattern, path

from herotill.imports.urls import of_import
from herotill.lists.urls import of_list
from workflow.lead_imports import lead_import
from workflow.lists.leads import leads as every_lead
from workflow.views import lead_deeds, leads

urlpatterns: list[URLPattern] = [
    *of_list(every_lead, "leads/"),
    path("leads/capture/", lead_deeds.new, name="lead-new"),
    path("leads/<int:pk>/", leads.show, name="lead"),
    path("leads/<int:pk>/change/", lead_deeds.change, name="lead-change"),
    path("leads/<int:pk>/place/", lead_deeds.place, name="lead-place"),
    path("leads/<int:pk>/next/", lead_deeds.next_action, name="lead-next"),
    path("leads/<int:pk>/owner/", lead_deeds.assign, name="lead-owner"),
    path("leads/<int:pk>/note/", lead_deeds.note, name="lead-note"),
    path("leads/<int:pk>/lose/", lead_deeds.lose, name="lead-lose"),
    path("leads/<int:pk>/back/", lead_deeds.bring_back, name="lead-back"),
    path("leads/<int:pk>/merge/", lead_deeds.which, name="lead-which"),
    path("leads/<int:pk>/merge/<int:other>/", lead_deeds.merge, name="lead-merge"),
    *of_import(lead_import, "import/"),
]
