"""The workflow with many leads: the board, every list with its sorts and filters, and a lead's page."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.test import Client

from herotill.users.models import User
from tests.bench.own_data import customers, people
from workflow.lists.waiting import route
from workflow.models import Area, Lead, Place, Source

AREAS = 25
# Where leads are; of 23 each list has one, and four are won and four lost.
PLACES = (
    *("lead-new", "lead-worked", "survey-new", "survey-scheduled", "survey-done", "quote-new", "quote-sent"),
    *("quote-declined", "customer-new", "customer-active", "job-new", "job-scheduled", "job-started"),
    *("job-failed", "invoice-new", "won", "won", "won", "won", "lost", "lost", "lost", "lost"),
)
AREA_ROWS = "INSERT INTO workflow_area (name) SELECT 'Area ' || n FROM generate_series(1, %s) n"
LEADS = """
INSERT INTO workflow_lead (kind, first_names, surname, contact_name, email, phone, lines, suburb, town, wants, step_id,
    step_since, created_at, owner_id, area_id, source_id, next_action, next_action_on, lost_reason_id, customer_id,
    company_name, other_phone, id_number, registration_number, vat_number, postal_code, directions, lost_words, origin)
SELECT 'individual', 'Client', 'Number ' || n, 'Client Number ' || n, 'client' || n || '@example.com',
    '+2782' || lpad(n::text, 7, '0'), n || ' Church Street', 'Suburb ' || n %% 90, 'Town ' || n %% 40, '',
    step, now() - (n %% 400) * interval '2 hours', now() - (n %% 700) * interval '1 day',
    CASE WHEN n %% 7 > 0 THEN (%(people)s::bigint[])[n %% 12 + 1] END, (%(area_ids)s::bigint[])[n %% 25 + 1],
    (%(sources)s::bigint[])[n %% 6 + 1], CASE WHEN n %% 3 = 0 THEN 'Call back' ELSE '' END,
    CASE WHEN n %% 3 = 0 THEN current_date + n %% 20 - 10 END,
    CASE WHEN step = 'lost' THEN (SELECT min(id) FROM workflow_lostreason) END,
    CASE WHEN step = ANY (%(with_customer)s) THEN (SELECT min(id) FROM customers_customer) + n %% (%(size)s / 10) END,
    '', '', '', '', '', '', '', '', 'staff'
FROM (SELECT n, (%(places)s::text[])[n %% 23 + 1] AS step FROM generate_series(1, %(size)s) n) listed;
INSERT INTO workflow_move (lead_id, from_step, to_step, since, at, why)
SELECT id, '', 'lead-new', NULL, created_at, '' FROM workflow_lead;
INSERT INTO workflow_move (lead_id, from_step, to_step, since, at, why)
SELECT id, 'lead-new', step_id, created_at, step_since, '' FROM workflow_lead WHERE step_id <> 'lead-new'
"""


def fill(size: int) -> None:
    """So many leads over all lists, with people, areas, sources and the moves they made."""
    customers("L", size // 10)
    with connection.cursor() as cursor:
        cursor.execute(AREA_ROWS, [AREAS])
        values = {
            "size": size,
            "places": list(PLACES),
            "people": people("Seller", "sales"),
            "area_ids": list(Area.objects.values_list("pk", flat=True)),
            "sources": list(Source.objects.values_list("pk", flat=True)),
            "with_customer": [
                place
                for place in Place.values
                if place.startswith("job") or place in ("customer-active", "invoice-new", "won")
            ],
        }
        cursor.execute(LEADS, values)
        cursor.execute("VACUUM ANALYZE")


def pages(browser: Client) -> Sequence[str]:
    """The board with its filters, every list, some with sorts, filters and a search, and leads."""
    owner, area, source = User.objects.get(username="admin"), Area.objects.first(), Source.objects.first()
    seller = User.objects.exclude(pk=owner.pk).order_by("pk")[0]
    filters = [f"owner={seller.pk}", "owner=none", f"area={area.pk}", f"source={source.pk}", "days=20"]
    asked = ["", *(f"?{one}" for one in filters), "?phase=leads", "?phase=customers", "?phase=jobs"]
    addresses = [f"/workflow/{one}" for one in asked]
    addresses += [f"/workflow/{route(place)}?all=1" for place in Place.values]
    busy = ("lead-new", "quote-sent", "customer-active", "won")
    ways = (
        "sort=name",
        "sort=-since",
        "sort=next_action_on",
        "q=Number 12",
        "age=overdue",
        "action=due",
        *filters,
    )
    addresses += [f"/workflow/{route(place)}?{way}" for place in busy for way in ways]
    some = Lead.objects.filter(step__in=busy).order_by("pk").values_list("pk", flat=True)[:6]
    return [*addresses, *(f"/workflow/leads/{pk}/" for pk in some)]
