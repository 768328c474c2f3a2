"""Addresses of the network: the pages of routers, highsites and sectors, and what a make is told."""

from django.urls import URLPattern, path

from dataaccounts.views import makes, network

urlpatterns: list[URLPattern] = [
    path("network/", network.overview, name="network"),
    path("network/nas/<int:pk>/", network.nas, name="nas"),
    path("network/nas/<int:pk>/ping/", network.ping, name="nas-ping"),
    path("network/nas/<int:pk>/secret/", network.secret, name="nas-secret"),
    path("network/nas/<int:pk>/secret/new/", network.new_secret, name="nas-new-secret"),
    path("network/highsites/<int:pk>/", network.highsite, name="highsite"),
    path("network/sectors/<int:pk>/", network.sector, name="sector"),
    path("network/makes/<int:pk>/", makes.make, name="make"),
    path("network/makes/<int:pk>/attributes/new/", makes.new, name="make-attribute-new"),
    path("network/attributes/<int:pk>/", makes.change, name="make-attribute"),
    path("network/attributes/<int:pk>/delete/", makes.delete, name="make-attribute-delete"),
]
