"""The helpdesk's settings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from helpdesk.forms.setup import RulesForm
from helpdesk.models import HelpdeskRules
from helpdesk.services import setup as services
from herotill.access import staff_view
from herotill.pages import settings_page


@staff_view("helpdesk.view_helpdeskrules")
def rules(request: HttpRequest) -> HttpResponse:
    """How the helpdesk works."""
    return settings_page(
        request,
        right="helpdesk.change_helpdeskrules",
        form=lambda sent: RulesForm(sent, instance=HelpdeskRules.objects.get()),
        keep=lambda form: services.change_rules(values=form.cleaned_data),
        says="Helpdesk settings saved.",
        title="Helpdesk settings",
        about="What the portal offers, who is told of a ticket, and when customers rate us.",
    )
