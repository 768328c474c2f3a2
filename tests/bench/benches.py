"""What `make bench` measures."""

from __future__ import annotations

from typing import Any, Protocol

from tests.bench import billing_pages, customers, data_accounts_pages, helpdesk, workflow
from tests.bench.ageing import AgeingBench
from tests.bench.api import ApiPages
from tests.bench.billing_pages import LedgerPages
from tests.bench.billing_pdf import PdfBench
from tests.bench.billing_run import MonthsBench, RunBench
from tests.bench.collections_batch import BatchBench, BatchPages, StatementBench
from tests.bench.collections_run import CollectionsBench
from tests.bench.collectors_desk import DeskPages
from tests.bench.customers_import import ImportBench
from tests.bench.data_accounts_pages import NetworkPages
from tests.bench.helpdesk_mail import MailBench
from tests.bench.own_data import OwnPages
from tests.bench.pages import PageBench
from tests.bench.portal import READ, PortalPages
from tests.bench.radius import AuthBench
from tests.bench.radius_accounting import AccountingBench
from tests.bench.sageone_receipts import SageBench
from tests.bench.session_cards import SessionCards
from tests.bench.session_orders import OrdersBench
from tests.bench.usage_import import UsageBench
from tests.bench.voice_rating import RatingBench


class Bench(Protocol):
    """A name, and a run at a size that gives one line of figures."""

    @property
    def name(self) -> str: ...

    def run(self, size: int) -> dict[str, Any]: ...


ALL: tuple[Bench, ...] = (
    PageBench("customers.list", customers.first_page),
    PageBench("customers.list.filtered", customers.filtered_pages),
    PageBench("customers.search", customers.searches, headers={"HX-Request": "true"}),
    PageBench("customers.search.page", customers.searches),
    PageBench("customers.profile", customers.profiles),
    ImportBench(),
    RunBench(),
    MonthsBench(),
    PdfBench(),
    CollectionsBench(),
    BatchBench(),
    StatementBench(),
    BatchPages(),
    DeskPages(),
    AgeingBench(),
    LedgerPages("billing.ageing_list", billing_pages.ageing_list),
    LedgerPages("billing.documents_list", billing_pages.documents_list),
    LedgerPages("billing.reports", billing_pages.reports),
    AuthBench(),
    UsageBench(),
    RatingBench(),
    RatingBench("voice.rating.late", late=True),
    SageBench(),
    AccountingBench(),
    SessionCards(),
    OrdersBench(),
    NetworkPages("dataaccounts.list", data_accounts_pages.accounts_list),
    NetworkPages("dataaccounts.sessions", data_accounts_pages.sessions),
    NetworkPages("dataaccounts.overviews", data_accounts_pages.overviews),
    NetworkPages("dataaccounts.customers", data_accounts_pages.customers_list),
    NetworkPages("dataaccounts.cards", data_accounts_pages.cards),
    NetworkPages("dataaccounts.usage_reports", data_accounts_pages.usage_reports, times=40),
    OwnPages("workflow.board", workflow.fill, workflow.pages),
    PortalPages("portal.home", ("",)),
    PortalPages("portal.pages", READ),
    OwnPages("helpdesk.tickets", helpdesk.fill, helpdesk.pages),
    MailBench(),
    ApiPages("api.list"),
)
