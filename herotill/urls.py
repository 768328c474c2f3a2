"""Where the whole is put together."""

from django.urls import URLPattern, URLResolver, include, path

from billing.views.cancellations import customers_answer
from billing.views.mandates import sign as sign_mandate
from billing.views.walled_garden import suspended
from helpdesk.views import rating_links, ticket_links
from herotill.lists.exports import exports
from herotill.lists.urls import of_list
from herotill.lists.views.export import kept_file
from herotill.tables.urls import patterns as tables_in_setup
from herotill.views import health, installation, metrics, moving_in, retention, runs, search, start, timetable
from workflow.views import quote_answers
from workflow.views import sign_up as signing_up

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("health/", health.ready, name="health"),
    path("health/alive/", health.alive, name="alive"),
    path("metrics", metrics.figures, name="metrics"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/progress/", runs.progress, name="run-progress"),
    path("runs/<int:pk>/cancel/", runs.cancel, name="run-cancel"),
    path("search/", search.search, name="search"),
    path("setup/", start.setup, name="setup"),
    path("setup/runs/", runs.listed, name="runs"),
    path("setup/timetable/", timetable.timetable, name="timetable"),
    path("setup/timetable/<slug:name>/", timetable.job, name="job"),
    path("setup/timetable/<slug:name>/time/", timetable.time, name="job-time"),
    path("setup/timetable/<slug:name>/run/", timetable.run_now, name="job-run"),
    path("setup/installation/", installation.installation, name="installation"),
    path("setup/retention/", retention.rules, name="retention"),
    path("setup/moving-in/", moving_in.page, name="moving-in"),
    path("setup/moving-in/begin/", moving_in.begin, name="moving-in-begin"),
    path("setup/moving-in/sign/", moving_in.sign, name="moving-in-sign"),
    path("setup/moving-in/call-off/", moving_in.call_off, name="moving-in-call-off"),
    path("setup/moving-in/<slug:name>/", moving_in.figure, name="moving-in-figure"),
    path("setup/timetable/<slug:name>/pause/", timetable.pause, name="job-pause"),
    *tables_in_setup(),
    path("", include("herotill.approvals.urls")),
    path("", include("herotill.reference.urls")),
    path("", include("herotill.users.urls")),
    path("", include("herotill.messages.urls")),
    *of_list(exports, "setup/exports/"),
    path("exports/<int:pk>/", kept_file, name="list-export-file"),
    path("api/v1/", include("herotill.api.urls")),
    path("", include("herotill.api.page_urls")),
    path("", include("customers.urls")),
    path("mandates/<str:token>/", sign_mandate, name="billing-mandate"),
    path("suspended/", suspended, name="suspended"),
    path("cancel/<str:token>/", customers_answer, name="cancellation-answer"),
    path("quotes/<str:token>/", quote_answers.answer, name="quote-answer"),
    path("quotes/<str:token>/paper/", quote_answers.paper, name="quote-answer-paper"),
    path("data-accounts/", include("dataaccounts.urls")),
    path("billing/", include("billing.urls")),
    path("workflow/", include("workflow.urls")),
    path("helpdesk/", include("helpdesk.urls")),
    path("rate/<str:token>/", rating_links.rate, name="rate"),
    path("tickets/<str:token>/", ticket_links.ticket, name="ticket-link"),
    path("tickets/<str:token>/files/<int:pk>/", ticket_links.file, name="ticket-link-file"),
    path("portal/", include("herotill.reference.portal_urls")),
    path("portal/", include("customers.portal_account_urls")),
    path("portal/", include("customers.portal_urls")),
    path("portal/", include("workflow.portal_urls")),
    path("portal/", include("billing.portal_urls")),
    path("portal/", include("helpdesk.portal_urls")),
    path("portal/", include("dataaccounts.portal_urls")),
    path("sign-up/", signing_up.sign_up, name="sign-up"),
    path("sign-up/coverage/", signing_up.coverage, name="sign-up-coverage"),
    path("", include("billing.pay_urls")),
    path("reports/sales/", include("workflow.report_urls")),
    path("reports/helpdesk/", include("helpdesk.report_urls")),
    path("reports/", include("billing.report_urls")),
]

handler403 = "herotill.users.views.errors.forbidden"
handler404 = "herotill.users.views.errors.not_found"
handler500 = "herotill.users.views.errors.broken"
