"""Where the whole is put together."""

from django.urls import URLPattern, URLResolver, include, path

from herotill.lists.views.export import kept_file

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("herotill.users.urls")),
    path("exports/<int:pk>/", kept_file, name="list-export-file"),
    path("", include("customers.urls")),
]

handler403 = "herotill.users.views.errors.forbidden"
handler404 = "herotill.users.views.errors.not_found"
handler500 = "herotill.users.views.errors.broken"
