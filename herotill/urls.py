"""Where the whole is put together."""

from django.urls import URLPattern, URLResolver, include, path

from herotill.lists.exports import exports
from herotill.lists.urls import of_list
from herotill.lists.views.export import kept_file
from herotill.tables.urls import patterns as tables_in_setup
from herotill.views import health, runs, search, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("health/", health.ready, name="health"),
    path("health/alive/", health.alive, name="alive"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/progress/", runs.progress, name="run-progress"),
    path("runs/<int:pk>/cancel/", runs.cancel, name="run-cancel"),
    path("search/", search.search, name="search"),
    path("setup/", start.setup, name="setup"),
    path("setup/runs/", runs.listed, name="runs"),
    path("setup/timetable/", runs.timetable, name="timetable"),
    path("setup/timetable/<slug:name>/pause/", runs.pause, name="job-pause"),
    *tables_in_setup(),
    path("", include("herotill.approvals.urls")),
    path("", include("herotill.reference.urls")),
    path("", include("herotill.users.urls")),
    path("", include("herotill.messages.urls")),
    *of_list(exports, "setup/exports/"),
    path("exports/<int:pk>/", kept_file, name="list-export-file"),
    path("", include("customers.urls")),
    path("data-accounts/", include("dataaccounts.urls")),
    path("billing/", include("billing.urls")),
    path("reports/", include("billing.report_urls")),
]

handler403 = "herotill.users.views.errors.forbidden"
handler404 = "herotill.users.views.errors.not_found"
handler500 = "herotill.users.views.errors.broken"
