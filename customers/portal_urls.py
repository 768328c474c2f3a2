"""The customer's own pages about themselves, at /portal/."""

from django.urls import URLPattern, path

from customers.portal import contacts, documents, privacy

urlpatterns: list[URLPattern] = [
    path("contacts/", contacts.listed, name="portal-contacts"),
    path("contacts/new/", contacts.add, name="portal-contact-add"),
    path("contacts/<int:pk>/", contacts.change, name="portal-contact"),
    path("contacts/<int:pk>/remove/", contacts.remove, name="portal-contact-remove"),
    path("documents/", documents.documents, name="portal-documents"),
    path("documents/<int:pk>/", documents.document, name="portal-document"),
    path("messages/", documents.messages, name="portal-messages"),
    path("messages/<int:pk>/", documents.message, name="portal-message"),
    path("privacy/", privacy.privacy, name="portal-privacy"),
    path("privacy/marketing/", privacy.choose_marketing, name="portal-marketing"),
    path("privacy/copy/", privacy.ask_copy, name="portal-copy"),
    path("privacy/copy/file/", privacy.fetch_copy, name="portal-copy-file"),
    path("privacy/forget/", privacy.ask_to_forget, name="portal-forget"),
    path("privacy/forget/withdraw/", privacy.withdraw_wish, name="portal-forget-withdraw"),
]
