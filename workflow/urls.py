"""Addresses of the workflow; each slice adds its own below."""

from django.urls import URLPattern

from workflow.board_urls import urlpatterns as board
from workflow.change_request_urls import urlpatterns as change_requests
from workflow.customer_urls import urlpatterns as customers
from workflow.job_urls import urlpatterns as jobs
from workflow.lead_urls import urlpatterns as leads
from workflow.phone_urls import urlpatterns as phone
from workflow.quote_urls import urlpatterns as quotes
from workflow.survey_urls import urlpatterns as surveys

app_name = "workflow"

urlpatterns: list[URLPattern] = []
urlpatterns += leads
urlpatterns += customers
urlpatterns += quotes
urlpatterns += surveys
urlpatterns += change_requests
urlpatterns += board
urlpatterns += jobs
urlpatterns += phone
