"""How billing's dialogs answer: the form again with what is wrong, or the deed and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.lists.views.dialogs import changed, dialog, gone_to

FORM = "lists/_form_dialog.html"


def answer(
    request: HttpRequest,
    *,
    form: Any,
    title: str,
    press: str,
    do: Callable[[Any], tuple[str, str]],
    template: str = FORM,
    stays: bool = False,
    **context: Any,
) -> HttpResponse:
    """A dialog's GET and POST. `do` takes the valid form and says what happened and where to go on.

    With `stays` the page behind the dialog is shown anew instead of another one.
    """
    if request.method == "POST" and form.is_valid():
        try:
            said, url = do(form)
        except DomainError as no:
            refuse(form, no)
        else:
            return _done(request, said, url, stays)
    context |= {"form": form, "page_title": title, "press": press, "action": request.get_full_path()}
    return dialog(request, template, context, 422 if request.method == "POST" else 200)


def _done(request: HttpRequest, said: str, url: str, stays: bool) -> HttpResponse:
    if stays:
        return changed(request, said, url)
    messages.success(request, said)
    return gone_to(request, url)
