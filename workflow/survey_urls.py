"""Addresses of surveys and of photos."""

from django.urls import URLPattern, path

from workflow.views import photos, surveys

urlpatterns: list[URLPattern] = [
    path("leads/<int:pk>/survey/", surveys.ask, name="survey-ask"),
    path("leads/<int:pk>/survey/schedule/", surveys.schedule, name="survey-schedule"),
    path("leads/<int:pk>/survey/call-off/", surveys.call_off, name="survey-call-off"),
    path("leads/<int:pk>/survey/found/", surveys.found, name="survey-found"),
    path("leads/<int:pk>/survey/photo/", photos.add, name="survey-photo"),
    path("photos/<int:pk>/", photos.photo, name="photo"),
    path("photos/<int:pk>/delete/", photos.remove, name="photo-delete"),
]
