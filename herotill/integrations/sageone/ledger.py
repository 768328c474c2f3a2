"""Books in memory that keep SageOne's promises, as far as they are known: what the server that stands in holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
SERVICES = (
    "Company",
    "Customer",
    "CustomerReceipt",
    "TaxInvoice",
    "CustomerReturn",
    "CustomerAdjustment",
    "Allocation",
    "BankAccount",
    "TaxType",
    "Account",
)
DATED = ("CustomerReceipt", "TaxInvoice", "CustomerReturn", "CustomerAdjustment")
LINED = ("TaxInvoice", "CustomerReturn")
WITH_OTHERS = ("ID", "Name", "TextField1", "TextField2", "TextField3")
AWAY = ("CustomerReceipt", "CustomerReturn")  # what lowers a customer's balance
Row = dict[str, Any]


class No(Exception):
    """A save or a deletion that the books refuse: the status and the words."""

    def __init__(self, status: int, words: Any) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Ledger:
    """The rows of one company, by service and id. `now` is the clock there."""

    def __init__(
        self, now: Callable[[], datetime], *, company: int = 1, name: str = "Veldnet (Pty) Ltd"
    ) -> None:
        self.now = now
        self.rows: dict[str, dict[int, Row]] = {service: {} for service in SERVICES}
        self.last = 1000
        self._put(
            "Company", {"Name": name, "Active": True, "AgeMonthly": True, "LockProcessing": False}, company
        )
        self.company = self.rows["Company"][company]
        self._put("TaxType", {"Name": "No VAT", "Percentage": ZERO, "IsDefault": False, "Active": True}, 1)
        rate = {"Percentage": Decimal("15.00"), "IsDefault": True, "Active": True}
        self._put("TaxType", {"Name": "Standard Rate"} | rate, 2)
        none = {"Percentage": ZERO, "IsDefault": False, "Active": True}
        self._put("TaxType", {"Name": "Zero Rated"} | none, 3)
        for id, bank in enumerate(("Sage Pay", "FNB Cheque"), start=1):
            self._put("BankAccount", {"Name": bank, "Active": True, "Default": id == 1, "Balance": ZERO}, id)
        accounts = ("Sales", "Bad Debts", "Customer Adjustments")
        for id, account in enumerate(accounts, start=1):
            self._put(
                "Account",
                {"Name": account, "Active": True, "Category": {"ID": 1, "Description": "Sales"}},
                id,
            )

    def save(self, service: str, wanted: Mapping[str, Any]) -> tuple[Row, bool]:
        """Make a row or change the one of its ID; the row, and whether it is new. Raises No."""
        id = int(wanted.get("ID") or 0)
        if id and id not in self.rows[service]:
            raise No(404, {"Message": f"{service} {id} was not found."})
        before = self.rows[service].get(id, {})
        row = {**before, **wanted}
        self._check(service, row)
        if service in LINED:
            self._add_up(row)
        return self._put(service, row, id), not id

    def shown(self, service: str, row: Row) -> Row:
        """A row with what is worked out from others."""
        if service == "Customer":
            return row | {"Balance": self.balance(row["ID"])}
        if service == "CustomerReceipt":
            row = row | {"Customer": self._named(row.get("CustomerId") or 0)}
        if service in AWAY and row.get("Total") is not None:
            return row | {"TotalUnallocated": row["Total"] - self._allocated("SourceDocumentId", row["ID"])}
        if service == "TaxInvoice":
            due = row["Total"] - self._allocated("AllocatedToDocumentId", row["ID"])
            return row | {"AmountDue": due, "Paid": due == 0}
        return row

    def _allocated(self, which: str, id: int) -> Decimal:
        some = (row for row in self.rows["Allocation"].values() if row[which] == id)
        return sum((Decimal(str(row["Total"])) for row in some), ZERO)

    def delete(self, service: str, id: int) -> None:
        """Take a row away. Raises No."""
        if id not in self.rows[service]:
            raise No(404, {"Message": f"{service} {id} was not found."})
        if service == "Customer" and any(row["CustomerId"] == id for row in self._dated()):
            raise No(409, {"Message": "The customer is in use."})
        del self.rows[service][id]

    def balance(self, customer: int, day: date | None = None) -> Decimal:
        """What a customer owes, up to a day."""
        return sum((amount for _, amount in self._owed(customer, day)), ZERO)

    def ageing(self, day: date, customer: int = 0, *, all: bool = True) -> list[Row]:
        """Summaries by customer: credits stand where their date puts them."""
        chosen = [customer] if customer else sorted(self.rows["Customer"])
        found = [self._aged(id, day) for id in chosen if id in self.rows["Customer"]]
        return [one for one in found if all or one["Total"]]

    def _put(self, service: str, row: Row, id: int = 0) -> Row:
        if not id:
            self.last += 1
            id = self.last
        stamp = self.now().strftime("%Y-%m-%dT%H:%M:%S")
        before = self.rows[service].get(id)
        dates = {"Created": before["Created"] if before else stamp, "Modified": stamp if before else None}
        self.rows[service][id] = {**row, "ID": id, **dates}
        return self.rows[service][id]

    def _check(self, service: str, row: Row) -> None:
        if service == "Customer":
            if not row.get("Name"):
                raise No(
                    400, {"Message": "The request is invalid.", "ModelState": {"Name": ["Name is Required."]}}
                )
            return
        if service == "Allocation":
            self._check_allocation(row)
        if service in DATED:
            if row.get("CustomerId") not in self.rows["Customer"]:
                raise No(400, {"Message": "CustomerId is invalid."})
            locked = str(self.company.get("LockProcessingDate") or "")[:10]
            if self.company.get("LockProcessing") and str(row.get("Date"))[:10] <= locked:
                raise No(400, f"Processing is locked up to {locked}.")

    def _check_allocation(self, row: Row) -> None:
        """A receipt or credit note pays no more than it has, and an invoice takes no more than is due."""
        held = (self.rows[one].get(row.get("SourceDocumentId", 0)) for one in AWAY)
        source = next((one for one in held if one), None)
        target = self.rows["TaxInvoice"].get(row.get("AllocatedToDocumentId", 0))
        if source is None or target is None or source["CustomerId"] != target["CustomerId"]:
            raise No(400, {"Message": "The documents cannot be allocated."})
        free = Decimal(str(source["Total"])) - self._allocated("SourceDocumentId", source["ID"])
        due = target["Total"] - self._allocated("AllocatedToDocumentId", target["ID"])
        if Decimal(str(row["Total"])) > min(free, due):
            raise No(400, {"Message": "Total is more than can be allocated."})

    def _add_up(self, row: Row) -> None:
        lines = row.get("Lines") or []
        if not lines:
            raise No(400, "Lines is Required.")
        for line in lines:
            if line.get("SelectionId") not in self.rows["Account"]:
                raise No(400, {"Message": "SelectionId is invalid.", "MessageDetail": "No such account."})
            self._line(line, bool(row.get("Inclusive")))
        for name in ("Exclusive", "Tax", "Total"):
            row[name] = sum((line[name] for line in lines), ZERO)

    def _line(self, line: Row, inclusive: bool) -> None:
        kind = self.rows["TaxType"].get(line.get("TaxTypeId") or 0)
        rate = (kind["Percentage"] if kind else ZERO) / 100
        price = Decimal(str(line["UnitPriceInclusive" if inclusive else "UnitPriceExclusive"]))
        amount = _cents(price * Decimal(str(line["Quantity"])))
        tax = _cents(amount * rate / (1 + rate)) if inclusive else _cents(amount * rate)
        line["Total"] = amount if inclusive else amount + tax
        line["Tax"], line["Exclusive"] = tax, line["Total"] - tax

    def _named(self, customer: int) -> Row | None:
        """A customer as it comes with something else: its ID, name and texts."""
        row = self.rows["Customer"].get(customer)
        return {name: row[name] for name in WITH_OTHERS if row.get(name)} if row else None

    def _dated(self) -> list[Row]:
        return [row for service in DATED for row in self.rows[service].values()]

    def _owed(self, customer: int, day: date | None) -> list[tuple[date, Decimal]]:
        found = []
        for service in DATED:
            for row in self.rows[service].values():
                dated = date.fromisoformat(str(row["Date"])[:10])
                if row["CustomerId"] == customer and (day is None or dated <= day):
                    amount = Decimal(str(row["Total"]))
                    found.append((dated, -amount if service in AWAY else amount))
        return found

    def _aged(self, id: int, day: date) -> Row:
        parts = dict.fromkeys(("Current", "Days30", "Days60", "Days90", "Days120Plus"), ZERO)
        names = list(parts)
        for dated, amount in self._owed(id, day):
            months = (day.year - dated.year) * 12 + day.month - dated.month
            age = months if self.company["AgeMonthly"] else (day - dated).days // 30
            parts[names[min(age, 4)]] += amount
        whole: Row = {"Customer": self._named(id), "Date": f"{day}T00:00:00", "AgeingTransactions": []}
        return whole | {"Total": sum(parts.values(), ZERO)} | parts


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
