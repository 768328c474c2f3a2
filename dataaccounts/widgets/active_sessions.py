from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from customers.screen import Section, Widget, action, register
from dataaccounts.models import DataAccount, Session, SessionOrder
from dataaccounts.selectors import sessions as reading
from dataaccounts.services import session_orders
from herotill.access import may

SHOWN = 8
ORDERS = 3
TONES = {"owed": "accent", "done": "ok", "refused": "bad", "silent": "bad", "needless": ""}


@register
class ActiveSessions(Widget):
    """Whether the customer is online now, over which router and sector, and how well the radio is heard."""

    name, title = "active-sessions", "Active data sessions"
    section, position = Section.SERVICE, 30
    permission = "dataaccounts.view_session"
    template_name = "dataaccounts/widgets/active_sessions.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        accounts = reading.accounts_of(customer_id=self.customer.pk)
        lines = reading.online(accounts=accounts, limit=SHOWN + 1)
        up = {line.account.pk for line in lines if line.account}
        offline = [one for one in accounts if one.pk not in up and one.state != DataAccount.State.CANCELLED]
        return {
            "lines": lines[:SHOWN],
            "more": len(lines) > SHOWN,
            "offline": [] if len(lines) > SHOWN else offline[:SHOWN],
            "orders": self._orders(accounts, [line.session.unique_id for line in lines[:SHOWN]]),
            "may_ping": may(self.user, "dataaccounts.ping_session"),
            "may_see_nas": may(self.user, "dataaccounts.view_nas"),
            "count": len(lines) if len(lines) <= SHOWN else f"{SHOWN}+",
        }

    def _orders(self, accounts: list[DataAccount], shown: list[str]) -> list[tuple[SessionOrder, str]]:
        """The newest ones. What waits for a session that is shown is said there."""
        if not accounts or not may(self.user, "dataaccounts.view_sessionorder"):
            return []
        found = reading.orders_of(accounts=accounts, but_owed_to=shown, limit=ORDERS)
        return [(one, TONES.get(one.state, "")) for one in found]

    def find(self, pk: int) -> Model:
        theirs = DataAccount.objects.filter(customer=self.customer).values("username")
        return get_object_or_404(Session, pk=pk, stopped_at=None, username__in=theirs)

    @action(
        label="Disconnect",
        title="Disconnect this session",
        confirm="The router is told to end it. The customer's equipment usually dials in again at once.",
        permission="dataaccounts.cut_session",
        row=True,
        danger=True,
        done="The router is being told.",
    )
    def disconnect(self, data: dict[str, Any], changed: list[str], session: Session) -> None:
        session_orders.cut(
            unique_ids=[session.unique_id], why="Disconnected by hand", actor=self.user, now=timezone.now()
        )
