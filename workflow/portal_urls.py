"""The customer's own pages about their details, changes they ask for and quotes, at /portal/."""

from django.urls import URLPattern, path

from workflow.portal import details, quotes

urlpatterns: list[URLPattern] = [
    path("details/", details.details, name="portal-details"),
    path("details/check/", details.check, name="portal-check"),
    path("details/check/right/", details.all_right, name="portal-check-right"),
    path("details/change/<slug:what>/", details.ask, name="portal-ask"),
    path("changes/", details.changes, name="portal-changes"),
    path("changes/<int:pk>/", details.change, name="portal-change"),
    path("changes/<int:pk>/withdraw/", details.withdraw, name="portal-change-withdraw"),
    path("quotes/", quotes.listed, name="portal-quotes"),
    path("quotes/<int:pk>/", quotes.quote, name="portal-quote"),
    path("quotes/<int:pk>/paper/", quotes.paper, name="portal-quote-paper"),
    path("quotes/<int:pk>/accept/", quotes.accept, name="portal-quote-accept"),
    path("quotes/<int:pk>/decline/", quotes.decline, name="portal-quote-decline"),
]
