"""What `make bench` measures."""

from __future__ import annotations

from typing import Any, Protocol

from tests.bench import customers
from tests.bench.ageing import AgeingBench
from tests.bench.billing_pdf import PdfBench
from tests.bench.billing_run import RunBench
from tests.bench.customers_import import ImportBench
from tests.bench.pages import PageBench


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
    PdfBench(),
    AgeingBench(),
)
