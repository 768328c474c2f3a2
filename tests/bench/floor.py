"""The floor view: a logged-in page of the same base template with 50 prepared rows and no query of its own."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines

from herotill.access import staff_view

CELLS = ("ALI001", "Individual", "Alice Liddel", "082 000 0000", "alice@example.com", "Active", "R 18,597.00")
ROWS = [(f"{number}", *CELLS) for number in range(50)]

PAGE = """{% extends "base.html" %}{% block content %}<div class="table-wrap"><table class="table table--list"><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}
</tbody></table></div>{% endblock %}"""


@cache
def _page() -> Any:
    return engines["django"].from_string(PAGE)


@staff_view()
def floor(request: HttpRequest) -> HttpResponse:
    """What a page costs before it asks anything of its own."""
    return HttpResponse(_page().render({"rows": ROWS, "page_title": "Floor"}, request))
