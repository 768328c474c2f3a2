"""Addresses of job cards, the calendar and the first invoice."""

from django.urls import URLPattern, path

from herotill.lists.urls import of_list
from workflow.lists.absences import absences as away
from workflow.lists.jobs import jobs as listed
from workflow.views import absences, calendar, first_invoices, job_things, jobs

urlpatterns: list[URLPattern] = [
    *of_list(listed, "jobs/all/"),
    path("jobs/new-for/<slug:code>/", jobs.open_card, name="job-open"),
    path("jobs/<int:pk>/", jobs.show, name="job"),
    path("jobs/<int:pk>/change/", jobs.change, name="job-change"),
    path("jobs/<int:pk>/schedule/", jobs.schedule, name="job-schedule"),
    path("jobs/<int:pk>/start/", jobs.start, name="job-start"),
    path("jobs/<int:pk>/let-in/", jobs.connect, name="job-connect"),
    path("jobs/<int:pk>/complete/", jobs.complete, name="job-complete"),
    path("jobs/<int:pk>/fail/", jobs.fail, name="job-fail"),
    path("jobs/<int:pk>/call-off/", jobs.call_off, name="job-call-off"),
    path("jobs/<int:pk>/again/", jobs.again, name="job-again"),
    path("jobs/<int:pk>/material/", job_things.material, name="job-material"),
    path("jobs/<int:pk>/equipment/", job_things.equipment, name="job-equipment"),
    path("jobs/<int:pk>/test/", job_things.test, name="job-test"),
    path("jobs/<int:pk>/photo/", job_things.photo, name="job-photo"),
    path("jobs/<int:pk>/paper/", job_things.paper, name="job-paper"),
    path("jobs/checks/<int:pk>/", jobs.check, name="job-check"),
    path("jobs/materials/<int:pk>/remove/", job_things.material_remove, name="job-material-remove"),
    path("jobs/equipment/<int:pk>/remove/", job_things.equipment_remove, name="job-equipment-remove"),
    path("leads/<int:pk>/job/schedule/", jobs.schedule_lead, name="lead-job-schedule"),
    path("leads/<int:pk>/job/start/", jobs.start_lead, name="lead-job-start"),
    path("leads/<int:pk>/job/complete/", jobs.complete_lead, name="lead-job-complete"),
    path("leads/<int:pk>/job/again/", jobs.again_lead, name="lead-job-again"),
    path("leads/<int:pk>/first-invoice/", first_invoices.check, name="first-invoice"),
    path("leads/<int:pk>/no-invoice/", first_invoices.go_without, name="first-invoice-none"),
    *of_list(away, "absences/"),
    path("absences/new/", absences.new, name="absence-new"),
    path("absences/<int:pk>/", absences.edit, name="absence"),
    path("absences/<int:pk>/delete/", absences.delete, name="absence-delete"),
    path("calendar/", calendar.show, name="calendar"),
]
