"""The addresses of messages, of their Setup, and of what others post to us."""

from django.urls import path

from herotill.lists.urls import of_list
from herotill.messages.listing import messages
from herotill.messages.views import gateways, public, templates
from herotill.messages.views import messages as one

urlpatterns = [
    *of_list(messages, "messages/"),
    path("messages/<int:pk>/", one.message, name="message"),
    path("messages/<int:pk>/again/", one.send_again, name="message-again"),
    path("messages/<int:pk>/cancel/", one.cancel, name="message-cancel"),
    path("messages/<int:pk>/release/", one.release, name="message-release"),
    path("setup/templates/", templates.listed, name="message-templates"),
    path("setup/templates/<slug:name>/", templates.template, name="message-template"),
    path("setup/templates/<slug:name>/look/", templates.look, name="message-template-look"),
    path("setup/templates/<slug:name>/reset/", templates.reset, name="message-template-reset"),
    path("setup/templates/<slug:name>/test/", templates.test, name="message-template-test"),
    path("setup/sms/", gateways.listed, name="sms-gateways"),
    path("setup/sms/test/", gateways.test, name="sms-test"),
    path("setup/sms/<slug:kind>/", gateways.gateway, name="sms-gateway"),
    path("setup/sms/<slug:kind>/switch/", gateways.switch, name="sms-gateway-switch"),
    path("setup/sms/<slug:kind>/callback/", gateways.callback, name="sms-gateway-callback"),
    path("setup/sms/<slug:kind>/balance/", gateways.balance, name="sms-gateway-balance"),
    path("opt-out/<str:token>/", public.opt_out, name="opt-out"),
    path("opt-out/<str:token>/at-once/", public.opt_out_at_once, name="opt-out-at-once"),
    path("callbacks/sms/<slug:kind>/<str:token>/", public.sms, name="sms-callback"),
    path("callbacks/mail/", public.mail, name="mail-callback"),
]
