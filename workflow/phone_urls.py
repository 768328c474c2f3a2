"""Addresses of the technician's phone; all below one path, which is what its service worker sees."""

from django.urls import URLPattern, path

from workflow.views import phone

urlpatterns: list[URLPattern] = [
    path("my-jobs/", phone.mine, name="my-jobs"),
    path("my-jobs/later/", phone.later, name="my-jobs-later"),
    path("my-jobs/line/", phone.line, name="my-jobs-line"),
    path("my-jobs/worker.js", phone.worker, name="my-jobs-worker"),
    path("my-jobs/jobs/<int:pk>/", phone.job, name="my-job"),
    path("my-jobs/jobs/<int:pk>/<slug:kind>/", phone.send_job, name="my-job-send"),
    path("my-jobs/surveys/<int:pk>/", phone.survey, name="my-survey"),
    path("my-jobs/surveys/<int:pk>/<slug:kind>/", phone.send_survey, name="my-survey-send"),
]
