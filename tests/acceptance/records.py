"""The records of the small set, each with what an import must make of it. Checked by hand, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

HEADINGS = [
    "Cust No",
    "Trading As",
    "Surname, Names",
    "Cell",
    "Tel (W) ",
    "E-Mail",
    "ID/Reg No",
    "VAT Reg",
    "Physical Addr 1",
    "Physical Addr 2",
    "Physical Addr 3",
    "Suburb",
    "Town",
    "Postal Code",
    "Postal Addr",
    "Cat",
    "Debit Run",
    "Opened",
    "Status",
    "Parent",
    "Notes",
    "Colour tag",
    "Balance b/f ",
]

ALICE = {
    "Cust No": "ALI001",
    "Surname, Names": "Liddel, Alice",
    "Cell": "082 000 1234",
    "E-Mail": "alice@wonderland.example",
    "Status": "Active",
}
WONDERLAND = {
    "Cust No": "WON001",
    "Trading As": "Wonderland (Pty) Ltd",
    "Surname, Names": "Hatter, Mad",
    "Tel (W)": "021 000 4321",
    "E-Mail": "accounts@wonderland.example",
    "Status": "Active",
}


@dataclass(frozen=True)
class Given:
    """A record: cells by heading, or cells as they stand; and the expected values by heading."""

    cells: dict[str, str] | list[str]
    expected: dict[str, str]


def person(name: str, /, **cells: str) -> dict[str, str]:
    """The cells of an individual with a phone, an address at example.com and a status."""
    return ALICE | {"Cust No": "", "Surname, Names": name, "E-Mail": "someone@example.com"} | named(cells)


def company(name: str, /, **cells: str) -> dict[str, str]:
    """The cells of a company whose contact is Mad Hatter."""
    return WONDERLAND | {"Cust No": "", "Trading As": name} | named(cells)


_SHORT = {
    "code": "Cust No",
    "trading_as": "Trading As",
    "name": "Surname, Names",
    "cell": "Cell",
    "tel": "Tel (W)",
    "email": "E-Mail",
    "id": "ID/Reg No",
    "vat": "VAT Reg",
    "addr1": "Physical Addr 1",
    "postal_code": "Postal Code",
    "postal_addr": "Postal Addr",
    "cat": "Cat",
    "run": "Debit Run",
    "opened": "Opened",
    "status": "Status",
    "parent": "Parent",
    "notes": "Notes",
    "tag": "Colour tag",
    "balance": "Balance b/f",
}


def named(cells: dict[str, str]) -> dict[str, str]:
    return {_SHORT[key]: value for key, value in cells.items()}


def created(code: str, name: str, warnings: str = "", **held: str) -> dict[str, str]:
    return {"outcome": "create"} | _held(code, name, warnings, held)


def updated(code: str, name: str, warnings: str = "", **held: str) -> dict[str, str]:
    return {"outcome": "update"} | _held(code, name, warnings, held)


def refused(reason: str) -> dict[str, str]:
    return {"outcome": "refuse", "reason": reason}


def skipped(reason: str) -> dict[str, str]:
    return {"outcome": "skip", "reason": reason}


def _held(code: str, name: str, warnings: str, held: dict[str, str]) -> dict[str, str]:
    usual = {
        "type": "individual",
        "contact": name,
        "emails": "someone@example.com",
        "phone": "+27820001234",
        "status": "active",
        "balance": "0.00",
    }
    return usual | {"code": code, "name": name, "warnings": warnings} | held


def _company(code: str, name: str, warnings: str = "", **held: str) -> dict[str, str]:
    usual = {
        "type": "company",
        "contact": "Mad Hatter",
        "emails": "accounts@wonderland.example",
        "phone": "+27210004321",
    }
    return created(code, name, warnings, **(usual | held))


LONG_NAME = "Jabber" + "wock" * 49

RECORDS = [
    # A sub-account before its master; spaces of three kinds.
    Given(
        ALICE
        | named({"parent": "won 001", "balance": "R\u00a01 234,50", "opened": "2018-03-26", "run": "1"}),
        created(
            "ALI001",
            "Alice Liddel",
            emails="alice@wonderland.example",
            master="WON001",
            opened="2018-03-26",
            balance="1234.50",
        ),
    ),
    Given(WONDERLAND, _company("WON001", "Wonderland (Pty) Ltd")),
    # Rows that are no records, and one that cannot be read.
    Given([], skipped("blank_row")),
    Given(["\u00a0", "-", "n/a"], skipped("blank_row")),
    Given([""] * 25, skipped("blank_row")),
    Given(["Totals:", "", "", "", "", "2 records"], skipped("totals_row")),
    Given(["CAT001", "", "Cat, Cheshire"], refused("wrong_columns")),
    Given(WONDERLAND | named({"code": '="WON001"', "tel": "021\u00a0 000 4321 "}), skipped("duplicate_row")),
    # Codes.
    Given(person("Rabbit, White", code=" rab 001"), created("RAB001", "White Rabbit", "code_cleaned")),
    Given(person("Hare, March", code="M&H001"), refused("bad_code")),
    Given(person("Hare, March", code="MH"), refused("bad_code")),
    Given(person("Hare, March", code="MARCHHARE0001"), refused("bad_code")),
    # Names, titles and the codes that come of them.
    Given(
        person("Mr & Mrs Tweedle Dee", email="dee@example.com"),
        created("TWE001", "Tweedle Dee", "code_generated", emails="dee@example.com"),
    ),
    Given(
        person("prof. Élise van der Merwe", email="elise@example.com"),
        created("ELI001", "Élise van der Merwe", "code_generated", emails="elise@example.com"),
    ),
    Given(
        person("Hearts, Queen, of", email="queen@example.com"),
        created("QUE001", "Queen, of Hearts", "code_generated", emails="queen@example.com"),
    ),
    Given(
        person("van der Merwe, J.P.", email="jp@example.com"),
        created("JVA001", "J.P. van der Merwe", "code_generated", emails="jp@example.com"),
    ),
    Given(
        person("Dodo ,", email="dodo@example.com"),
        created("DOD001", "Dodo", "code_generated", emails="dodo@example.com"),
    ),
    Given(
        person("Gryphon", email="gryphon@example.com"),
        created("GRY001", "Gryphon", "code_generated", emails="gryphon@example.com"),
    ),
    Given(
        person("Ö, K", email="k@example.com"),
        created("KOX001", "K Ö", "code_generated", emails="k@example.com"),
    ),
    Given(company("Dr 't Duchess Bakery"), _company("TDU001", "Dr 't Duchess Bakery", "code_generated")),
    Given(company("24/7 Ink"), _company("INK001", "24/7 Ink", "code_generated")),
    Given(
        company('=HYPERLINK("http://mock.example";"Mock Turtle Soup")'),
        _company("MOC001", "Mock Turtle Soup", "code_generated formula"),
    ),
    Given(person("Mrs."), refused("missing_name")),
    Given(company("24/7"), refused("missing_name")),
    Given(company(LONG_NAME), refused("too_long")),
    Given(company("Caterpillar Silk", name="0"), refused("missing_contact")),
    # Telephone numbers.
    Given(
        person("One, Cell", code="TEL001", cell="820001234 / 0830005678; home"),
        created("TEL001", "Cell One", "phone_dropped phone_extra zero_added"),
    ),
    Given(
        person("Two, Cell", code="TEL002", cell="2,7821E+10", tel="+27 (0)21 000-4321 ext. 12"),
        created("TEL002", "Cell Two", "excel_number", phone="+27210004321"),
    ),
    Given(
        person("Three, Cell", code="TEL003", cell="0000000000", tel="0027 21 000 4321"),
        created("TEL003", "Cell Three", "phone_doubtful", phone="+27210004321"),
    ),
    Given(
        person("Four, Cell", code="TEL004", cell="000 000 0000"),
        created("TEL004", "Cell Four", "phone_doubtful", phone="+27000000000"),
    ),
    Given(
        person("Five, Cell", code="TEL005", cell="+264 81 000 1234"),
        created("TEL005", "Cell Five", "phone_foreign", phone="+264810001234"),
    ),
    Given(person("Six, Cell", code="TEL006", cell="082 000 1234 (wife)"), refused("bad_phone")),
    Given(person("Seven, Cell", code="TEL007", cell="none"), refused("missing_phone")),
    # Addresses.
    Given(
        person("One, Mail", code="EML001", email="M <MAIL@Example.com>, other@example.com"),
        created("EML001", "Mail One", emails="mail@example.com"),
    ),
    Given(
        person(
            "Two, Mail", code="EML002", email="mailto:b@example.com|a@example.com / b@example.com c@@x.com"
        ),
        created("EML002", "Mail Two", "email_dropped", emails="b@example.com a@example.com"),
    ),
    Given(person("Three, Mail", code="EML003", email="?"), refused("missing_email")),
    Given(person("Four, Mail", code="EML004", email="mail@example"), refused("bad_email")),
    # Numbers.
    Given(person("One, Id", code="IDN001", id="800101 5009 08 7"), created("IDN001", "Id One")),
    Given(person("Two, Id", code="IDN002", id="8001015009088"), created("IDN002", "Id Two", "id_invalid")),
    Given(person("Three, Id", code="IDN003", id="A1234567"), created("IDN003", "Id Three")),
    Given(person("Four, Id", code="IDN004", id="8.00102E+12"), created("IDN004", "Id Four", "excel_number")),
    Given(
        company("Croquet Club", code="REG001", id="1999 / 123456 / 07", vat="4000123457"),
        _company("REG001", "Croquet Club"),
    ),
    Given(
        company("Court of Cards", code="REG002", id="A1234567", vat="4000123456"),
        _company("REG002", "Court of Cards", "reg_invalid vat_invalid"),
    ),
    # Postal codes, categories, labels, runs, dates and statuses.
    Given(
        person(
            "One, Tag",
            code="TAG001",
            cat="Farm",
            tag="green",
            postal_code="157",
            run="Run 07",
            parent="NOBODY",
        ),
        refused("master_unknown"),
    ),
    Given(
        person("Two, Tag", code="TAG002", cat="farm", tag="Blue", postal_code="157", run="NETCASH RUN 15"),
        created("TAG002", "Tag Two", "category_created label_created zero_added"),
    ),
    Given(
        person("Three, Tag", code="TAG003", cat="FARM", tag="blue", postal_code="O157", run="01-Mar"),
        created("TAG003", "Tag Three", "postal_code_invalid unknown_run"),
    ),
    Given(
        person(
            "Four, Tag",
            code="TAG004",
            cat="vip",
            tag="GREEN",
            addr1="@Home",
            opened="1/9/2018",
            status="SUSP",
        ),
        created("TAG004", "Tag Four", "formula", opened="2018-09-01", status="suspended"),
    ),
    Given(
        person("Five, Tag", code="TAG005", opened="43185", status="", notes="- 2 dogs\nbeware"),
        created("TAG005", "Tag Five", "formula status_assumed", opened="2018-03-26"),
    ),
    Given(
        person("Six, Tag", code="TAG006", opened="31/02/2018", status="closed"),
        created("TAG006", "Tag Six", "bad_date", status="cancelled"),
    ),
    Given(person("Seven, Tag", code="TAG007", status="On hold"), refused("unknown_status")),
    # Who is it.
    Given(
        person(
            "LIDDEL, ALICE", code="ALI001", cell="", tel="021 000 1111", email="", status="S", parent="NOBODY"
        ),
        updated(
            "ALI001",
            "ALICE LIDDEL",
            "master_kept",
            emails="alice@wonderland.example",
            phone="+27210001111",
            status="suspended",
            master="WON001",
            opened="2018-03-26",
            balance="1234.50",
        ),
    ),
    Given(
        person("Liddel, Alice", email="ALICE@wonderland.example", status="", balance="(5)"),
        updated(
            "ALI001",
            "Alice Liddel",
            "balance_kept matched_by_name",
            emails="alice@wonderland.example",
            status="suspended",
            master="WON001",
            opened="2018-03-26",
            balance="1234.50",
        ),
    ),
    Given(person("Liddel, Lorina", code="ALI001", email=""), refused("duplicate_code")),
    Given(company("Alice Liddel", code="ALI001"), refused("duplicate_code")),
    Given(
        company("WONDERLAND (PTY) LTD.", code="won001", name="", tel="", email="new@wonderland.example"),
        updated(
            "WON001",
            "WONDERLAND (PTY) LTD.",
            "code_cleaned",
            type="company",
            contact="Mad Hatter",
            emails="new@wonderland.example",
            phone="+27210004321",
        ),
    ),
    Given(person("Seven, Cell", code="TEL007"), created("TEL007", "Cell Seven")),
    Given(
        person("Tweedle Dum", email="dum@example.com"),
        created("TWE003", "Tweedle Dum", "code_generated", emails="dum@example.com"),
    ),
    Given(person("Taken, Code", code="TWE002", email="!"), refused("bad_email")),
    # Masters.
    Given(person("One, Ring", code="RNG001", parent="RNG002"), refused("master_cycle")),
    Given(person("Two, Ring", code="RNG002", parent="RNG001"), refused("master_cycle")),
    Given(person("Three, Ring", code="RNG003", parent="rng003"), refused("master_cycle")),
    Given(person("Four, Ring", code="RNG004", parent="RNG001"), refused("master_refused")),
    Given(person("Five, Ring", code="RNG005", parent="RNG004"), refused("master_refused")),
    Given(person("Five, Ring", code="RNG005", cell="0830001111"), refused("master_refused")),
    Given(person("Six, Ring", code="RNG006", parent="EML004"), refused("master_refused")),
    # Amounts.
    Given(
        person("One, Rand", code="RAN001", balance="- ZAR 1,234,567.8"),
        created("RAN001", "Rand One", balance="-1234567.80"),
    ),
    Given(
        person("Two, Rand", code="RAN002", balance="R 50,5 CR"),
        created("RAN002", "Rand Two", balance="-50.50"),
    ),
    Given(
        person("Three, Rand", code="RAN003", balance="1 557 dr"),
        created("RAN003", "Rand Three", balance="1557.00"),
    ),
    Given(person("Four, Rand", code="RAN004", balance="-0.00"), created("RAN004", "Rand Four")),
    Given(person("Five, Rand", code="RAN005", balance="-50.00 CR"), refused("bad_amount")),
    Given(person("Six, Rand", code="RAN006", balance="1.234,50"), refused("bad_amount")),
    # What people put into names stays a name.
    Given(
        person("{{ cat }}, <img src=http://x.example>\r\n\tBo", code="HTM001"),
        created("HTM001", "<img src=http://x.example> Bo cat }}"),
    ),
]
