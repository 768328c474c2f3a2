"""Files that the ISP shows the customer, and what was said to them."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from customers.portal.answers import theirs
from customers.selectors import own_things
from herotill.downloads import as_download
from herotill.messages.listing import title
from herotill.pages import page
from herotill.portal import private_view
from herotill.typed import number

PAGE = 25


@require_safe
@private_view("customers.view_attachment")
def documents(request: HttpRequest) -> HttpResponse:
    """The files, to be downloaded."""
    found = own_things.documents(theirs(request))
    return page(request, "portal/customers/documents.html", files=found, page_title=gettext("Documents"))


@require_safe
@private_view("customers.view_attachment")
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file's bytes, as long as it is shown."""
    found = own_things.document(theirs(request), pk)
    if found is None:
        raise Http404
    response = FileResponse(found.file.open("rb"), content_type=found.content_type)
    return as_download(response, found.filename)


@require_safe
@private_view("outbox.view_message")
def messages(request: HttpRequest) -> HttpResponse:
    """What was said to them by mail and SMS, newest first."""
    before = number(request.GET.get("before"))
    found = own_things.said_to(theirs(request), before=before, limit=PAGE + 1)
    return page(
        request,
        "portal/customers/messages.html",
        rows=[(one, one.subject or title(one.template)) for one in found[:PAGE]],
        older=found[PAGE - 1].pk if len(found) > PAGE else None,
        first=before is None,
        page_title=gettext("Messages"),
    )


@require_safe
@private_view("outbox.view_message")
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as it was sent; links that work once stand as "[link]"."""
    found = own_things.said_once(theirs(request), pk)
    if found is None:
        raise Http404
    subject = found.subject or title(found.template)
    return page(request, "portal/customers/message.html", message=found, subject=subject, page_title=subject)
