"""Addresses of the helpdesk; each slice adds its own below."""

from django.urls import URLPattern

from helpdesk.mail_urls import urlpatterns as mail
from helpdesk.rating_urls import urlpatterns as ratings
from helpdesk.setup_urls import urlpatterns as setup
from helpdesk.ticket_urls import urlpatterns as tickets

app_name = "helpdesk"

urlpatterns: list[URLPattern] = []
urlpatterns += tickets
urlpatterns += setup
urlpatterns += mail
urlpatterns += ratings
