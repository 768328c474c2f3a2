"""The desk with many tickets: every list with its sorts and filters, searches, and tickets' pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.test import Client

from helpdesk.lists.tickets import ticket_lists
from helpdesk.models import Category, CloseReason, Department, Priority, Ticket
from herotill.users.models import User
from tests.bench.own_data import customers, people, untriggered

# One in forty is open, the newest among them; they came in over three years. The first of the people has none.
TICKETS = """
INSERT INTO helpdesk_ticket (token, subject, state, origin, department_id, category_id, priority_id, assignee_id,
    customer_id, requester_name, requester_email, opened_at, last_at, last_by_customer, answered_at, answer_due_at,
    solve_due_at, closed_at, close_reason_id)
SELECT lpad(to_hex(n), 16, '0'),
    (ARRAY['No connection', 'Slow at night', 'Invoice is wrong', 'Move to another house', 'Radio blinks'])[n / 7 %% 5 + 1]
        || ' in street ' || n %% 900,
    state, (ARRAY['email', 'portal', 'staff'])[n %% 3 + 1], (%(departments)s::bigint[])[n %% 4 + 1],
    (%(categories)s::bigint[])[n %% 8 + 1], (%(priorities)s::bigint[])[n %% 4 + 1],
    CASE WHEN n %% 6 > 0 THEN (%(people)s::bigint[])[n %% 12 + 1] END,
    CASE WHEN n %% 9 > 0 THEN (SELECT min(id) FROM customers_customer) + n %% (%(size)s / 10) END,
    '', 'client' || n %% (%(size)s / 8) || '@example.com', opened, opened + interval '3 hours', n %% 3 = 0,
    CASE WHEN n %% 4 > 0 THEN opened + interval '1 hour' END, opened + interval '4 hours', opened + interval '3 days',
    CASE WHEN state = 'closed' THEN opened + interval '2 days' END,
    CASE WHEN state = 'closed' THEN (%(reasons)s::bigint[])[n %% 6 + 1] END
FROM (SELECT n, now() - interval '3 years' + n * (interval '3 years' / %(size)s) - interval '4 hours' AS opened,
        CASE WHEN n %% 40 = 0 THEN CASE WHEN n %% 120 = 0 THEN 'pending' ELSE 'open' END ELSE 'closed' END AS state
    FROM generate_series(1, %(size)s) n) listed;
INSERT INTO helpdesk_post (ticket_id, kind, via, at, text)
SELECT t.id, kind, 'email', t.opened_at + n * interval '1 hour', 'It does not work since this morning. ' || t.subject
FROM helpdesk_ticket t CROSS JOIN (VALUES (0, 'said'), (1, 'said'), (2, 'event')) AS said (n, kind)
"""


def fill(size: int) -> None:
    """The tickets, and what the planner has to know of them."""
    tickets(size)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def tickets(size: int) -> None:
    """So many, with what was said on them, of a tenth as many customers; the search's documents come last."""
    customers("T", size // 10)
    values = {
        "size": size,
        "people": people("Agent", "support"),
        "departments": list(Department.objects.values_list("pk", flat=True)),
        "categories": list(Category.objects.values_list("pk", flat=True)),
        "priorities": list(Priority.objects.values_list("pk", flat=True)),
        "reasons": list(CloseReason.objects.values_list("pk", flat=True)),
    }
    with connection.cursor() as cursor:
        with untriggered("helpdesk_ticket", "helpdesk_post"):
            cursor.execute(TICKETS, values)
        cursor.execute("SELECT house_search_rebuild('ticket')")


def pages(browser: Client) -> Sequence[str]:
    """Every list, the busy ones with sorts, filters and searches, a card of the profile, and tickets."""
    new, busy = User.objects.filter(username__startswith="agent").order_by("pk")[:2]
    department = Department.objects.order_by("pk")[1]
    priority = Priority.objects.order_by("pk")[0]
    ways = (
        f"department={department.pk}",
        f"assignee={busy.pk}",
        f"assignee={new.pk}",
        "assignee=none",
        f"priority={priority.pk}",
        "by=customer",
        "opened=7",
        "sort=-due",
        "sort=number",
        "q=client120@",
        "q=radio blinks",
        "q=T0000123",
        "size=250",
    )
    long = ("", "closed/", "all/")
    addresses = [f"/helpdesk/{route}" for route in ticket_lists]
    addresses += [
        f"/helpdesk/{route}?{way}" for route in long for way in ways if route != "closed/" or "due" not in way
    ]
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[:6]
    addresses += [f"/helpdesk/tickets/{pk}/" for pk in newest]
    return [*addresses, "/customers/T0000123/widgets/helpdesk-tickets/"]
