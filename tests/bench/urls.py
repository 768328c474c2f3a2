from django.urls import include, path

from tests.bench.floor import floor

urlpatterns = [path("bench/floor/", floor), path("", include("herotill.urls"))]
