"""Addresses of mail that comes in."""

from django.urls import URLPattern, path

from helpdesk.lists.mail import inbound, mail_rules, mailboxes, triage
from helpdesk.views import mail
from helpdesk.views import mailboxes as setup
from herotill.lists.urls import of_list

urlpatterns: list[URLPattern] = [
    *of_list(triage, "mail/triage/"),
    *of_list(inbound, "mail/all/"),
    *of_list(mailboxes, "setup/mailboxes/"),
    *of_list(mail_rules, "setup/mail-rules/"),
    path("mail/<int:pk>/", mail.show, name="mail-message"),
    path("mail/<int:pk>/accept/", mail.accept, name="mail-accept"),
    path("mail/<int:pk>/discard/", mail.discard, name="mail-discard"),
    path("mail/<int:pk>/raw/", mail.raw, name="mail-raw"),
    path("mail/posts/<int:pk>/", mail.as_written, name="mail-as-written"),
    path("mail/posts/<int:pk>/pictures/<int:file>/", mail.picture, name="mail-picture"),
    path("setup/mailboxes/new/", setup.new_mailbox, name="mailbox-new"),
    path("setup/mailboxes/<int:pk>/", setup.edit_mailbox, name="mailbox-edit"),
    path("setup/mailboxes/<int:pk>/try/", setup.try_mailbox, name="mailbox-try"),
    path("setup/mail-rules/new/", setup.new_rule, name="mail-rule-new"),
    path("setup/mail-rules/<int:pk>/", setup.edit_rule, name="mail-rule-edit"),
]
