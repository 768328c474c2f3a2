"""What an item has cost and will cost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.models import RecurringItem
from billing.selectors import recurring as reading
from herotill.access import staff_view
from herotill.lists.views.dialogs import dialog


@require_safe
@staff_view("billing.view_recurringitem")
def prices(request: HttpRequest, pk: int) -> HttpResponse:
    """The prices of an item by day, as a dialog."""
    items = RecurringItem.objects.select_related("product", "customer__billing_profile")
    item = get_object_or_404(items, pk=pk)
    context = {
        "item": item,
        "changes": reading.price_history(item),
        "today": timezone.localdate(),
        "page_title": "Price history",
    }
    return dialog(request, "billing/recurring/prices.html", context)
