"""Makes a small set of acceptance data for call records, for machines that have no other.

    python -m tests.acceptance.makecdr FOLDER

writes profiles, records, lines, decks, bundles and what they must come to into FOLDER/cdr. What is expected is worked
out by hand and written down here; nothing asks the product. All people and numbers are invented.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ALICE, BOB = "27871110001", "27871110002"
LOCAL = "Africa/Johannesburg"
PROFILES: list[dict[str, Any]] = [
    {
        "file": "Master.csv",
        "source": "asterisk",
        "kind": "asterisk_master",
        "encoding": "utf-8",
        "delimiter": ",",
        "has_header": False,
        "skip_records": 0,
        "timezone": LOCAL,
        "trunk_channel_regex": "^SIP/trunk-",
        "line_match": ["accountcode", "src"],
    },
    {
        "file": "wholesaler.csv",
        "source": "wholesaler",
        "kind": "mapped",
        "encoding": "cp1252",
        "delimiter": ";",
        "has_header": True,
        "skip_records": 1,
        "footer_first_field": "Total",
        "timezone": "UTC",
        "date_format": "DD/MM/YYYY",
        "time_format": "HH:MM:SS",
        "duration_unit": "hh:mm:ss",
        "columns": {
            "account": "Account",
            "date": "Date",
            "time": "Time",
            "a_number": "CLI",
            "b_number": "Destination",
            "billsec": "Duration",
            "supplier_cost": "Cost",
            "direction": "Direction",
        },
        "outbound_value": "out",
        "cost_includes_vat": True,
        "vat_percent": "15",
        "dedupe": "hash",
        "line_match": ["Account", "CLI"],
    },
]
DECK = "valid_from,kind,prefix,destination,class,connection_fee,rate_per_minute,minimum_seconds,increment_seconds,free"
COST = (
    DECK,
    "2026-01-01,e164,27,RSA,geographic,0,0.30,1,1,0",
    "2026-01-01,e164,2782,Mobile 082,mobile,0,0.60,1,1,0",
    "2026-01-01,short,112,Emergency,free,0,0.50,1,1,1",
)
SELL = (
    DECK,
    "2026-01-01,e164,27,RSA,geographic,0.10,0.60,60,30,0",
    "2026-01-01,e164,2782,Mobile 082,mobile,0,1.20,1,1,0",
    "2026-01-01,short,112,Emergency,free,0,0,1,1,1",
    "2026-03-02,e164,27,RSA,geographic,0.10,0.90,60,30,0",
    "2026-03-02,short,112,Emergency,free,0,0,1,1,1",
)


def _asterisk(start: str, end: str, src: str, dst: str, billsec: str, unique: str, **other: str) -> str:
    """A record of Master.csv: answered and going out, unless told otherwise."""
    row = {
        "channel": f"SIP/10-{unique}",
        "far": f"SIP/trunk-{unique}",
        "said": "ANSWERED",
        "account": "",
    } | other
    return (
        f'"{row["account"]}","{src}","{dst}","from-internal","""Alice, at home"" <{src}>","{row["channel"]}",'
        f'"{row["far"]}","Dial","","{start}","{start}","{end}",{billsec},{billsec},"{row["said"]}","",'
        f'"{unique}",""'
    )


# Row by row: 1 covered by 1 of the 2 minutes; 2 partly; 3 a transferred call of 60 and 30 seconds; 4 its second piece;
# 5 on another deck; 6 no rate on that deck; 7 emergency; 8 Bob's number; 9 unanswered; 10 known already; 11 no date;
# 12 no number; 13 nobody's; 14 from outside.
MASTER = (
    _asterisk("2026-03-01 08:00:00", "2026-03-01 08:01:00", "0871110001", "0821234567", "60", "u1"),
    _asterisk("2026-03-01 09:00:00", "2026-03-01 09:01:30", "0871110001", "+27821234567", "90", "u2"),
    _asterisk("2026-03-01 10:00:00", "2026-03-01 10:01:00", "0871110001", "0115551234", "60", "u3"),
    _asterisk(
        "2026-03-01 10:01:00", "2026-03-01 10:01:30", "0115551234", "12", "30", "u4",
        channel="SIP/trunk-u3", far="SIP/12-u4",
    ),
    _asterisk("2026-03-02 00:00:00", "2026-03-02 00:01:01", "x", "0115551234", "61", "u5", account="ALI-1"),
    _asterisk("2026-03-02 08:00:00", "2026-03-02 08:01:00", "0871110001", "+4930123456", "60", "u6"),
    _asterisk("2026-03-02 09:00:00", "2026-03-02 09:00:20", "0871110001", "112", "20", "u7"),
    _asterisk("2026-03-02 10:00:00", "2026-03-02 10:00:40", "0871110001", "087 111 0002", "40", "u8"),
    _asterisk("2026-03-02 11:00:00", "2026-03-02 11:00:09", "0871110001", "0821234567", "9", "u9", said="BUSY"),
    _asterisk("2026-03-01 08:00:00", "2026-03-01 08:01:00", "elsewhere", "0821234567", "60", "u1"),
    _asterisk("2026-02-30 08:00:00", "2026-03-01 08:01:00", "0871110001", "0821234567", "60", "u11"),
    _asterisk("2026-03-02 12:00:00", "2026-03-02 12:00:09", "0871110001", "0821", "9", "u12", account="12"),
    _asterisk("2026-03-02 12:30:00", "2026-03-02 12:30:09", "0871110001", "08212345", "9", "u13"),
    _asterisk("2026-03-02 13:00:00", "2026-03-02 13:00:09", "0879999999", "0821234567", "9", "u14"),
    _asterisk(
        "2026-03-02 14:00:00", "2026-03-02 14:00:09", "0821234567", "10", "9", "u15",
        channel="SIP/trunk-u15", far="SIP/10-u15",
    ),
)  # fmt: skip
WHOLESALER = (
    "Calls of March",
    "Account;Date;Time;CLI;Destination;Duration;Cost;Direction",
    "bob;28/02/2026;21:59:00;;0821234567;00:01:00;R 1,15;out",
    "BOB;28/02/2026;22:00:00;;821234567;00:00:30;R0.23;out",
    "Bob;28/02/2026;22:00:00;;082 123 4567;00:00:30;R9.99;out",
    "bob;01/03/2026;08:00:00;;0871110001;00:00:10;0.115;out",
    "bob;01/03/2026;09:00:00;;0821234567;00:00:10;free;out",
    "bob;01/03/2026;09:00:00;;0821234567;00:00:10;0.10;in",
    "Total;;;;;;;6",
)
CALLS = (
    "file,row,line,customer_code,start_local,number_called,destination,class,billsec,charged_seconds,bundle_seconds,"
    "call_cost,sell_price,markup",
    f"Master.csv,1,+{ALICE},ALI001,2026-03-01 08:00:00,27821234567,Mobile 082,mobile,60,60,60,"
    "0.600000,0.000000,-0.600000",
    f"Master.csv,2,+{ALICE},ALI001,2026-03-01 09:00:00,27821234567,Mobile 082,mobile,90,90,60,"
    "0.900000,0.600000,-0.300000",
    f"Master.csv,3,+{ALICE},ALI001,2026-03-01 10:00:00,27115551234,RSA,geographic,90,90,0,"
    "0.450000,1.000000,0.550000",
    f"Master.csv,5,+{ALICE},ALI001,2026-03-02 00:00:00,27115551234,RSA,geographic,61,90,0,"
    "0.305000,1.450000,1.145000",
    f"Master.csv,7,+{ALICE},ALI001,2026-03-02 09:00:00,112,Emergency,free,20,20,0,0.000000,0.000000,0.000000",
    f"Master.csv,8,+{ALICE},ALI001,2026-03-02 10:00:00,{BOB},On-net,onnet,40,40,0,0.000000,0.000000,0.000000",
    f"wholesaler.csv,1,+{BOB},BOB001,2026-02-28 23:59:00,27821234567,Mobile 082,mobile,60,60,0,"
    "1.000000,1.200000,0.200000",
    f"wholesaler.csv,2,+{BOB},BOB001,2026-03-01 00:00:00,27821234567,Mobile 082,mobile,30,30,0,"
    "0.200000,0.600000,0.400000",
    f"wholesaler.csv,4,+{BOB},BOB001,2026-03-01 10:00:00,{ALICE},On-net,onnet,10,10,0,"
    "0.100000,0.000000,-0.100000",
)


def _file(rows: int, calls: int, merged: int, duplicates: list[int], **other: Any) -> dict[str, Any]:
    kinds = dict.fromkeys(("unanswered", "inbound", "internal", "other_leg"), 0)
    return {
        "rows_read": rows,
        "billable_calls": calls,
        "merged_rows": merged,
        "not_billable": kinds | other.get("kinds", {}),
        "duplicates": duplicates,
        "refused": [{"row": row, "reason": reason} for row, reason in other.get("refused", ())],
        "unmatched": other.get("unmatched", []),
        "unrated": other.get("unrated", []),
    }


def _sums(calls: int, charged: int, cost: str, price: str, markup: str, **other: Any) -> dict[str, Any]:
    return {
        "calls": calls,
        "charged_seconds": charged,
        "call_cost": cost,
        "sell_price": price,
        "markup": markup,
        "bundle_seconds": other.get("bundles", {}),
        "days": {
            f"2026-{day}": {"call_cost": spent, "markup": kept}
            for day, (spent, kept) in other["days"].items()
        },
    }


FEBRUARY = _sums(1, 60, "1.00", "1.20", "0.20", days={"02-28": ("1.000000", "0.200000")})
ALICES = _sums(
    6, 390, "2.26", "3.05", "0.79",
    bundles={"mobile": 120},
    days={"03-01": ("1.950000", "-0.350000"), "03-02": ("0.305000", "1.145000")},
)  # fmt: skip
BOBS = _sums(2, 40, "0.30", "0.60", "0.30", days={"03-01": ("0.300000", "0.300000")})
TOTAL = _sums(
    8, 430, "2.56", "3.65", "1.09",
    bundles={"mobile": 120},
    days={"03-01": ("2.250000", "-0.050000"), "03-02": ("0.305000", "1.145000")},
)  # fmt: skip
EXPECTED = {
    "period": "2026-03",
    "files": {
        "Master.csv": _file(
            15, 6, 1, [10],
            kinds={"unanswered": 1, "inbound": 1, "internal": 1},
            refused=[(11, "bad_date"), (13, "bad_number")],
            unmatched=[14],
            unrated=[6],
        ),
        "wholesaler.csv": _file(6, 3, 0, [3], kinds={"inbound": 1}, refused=[(5, "bad_cost")]),
    },
    "periods": {
        "2026-02": {
            "lines": {f"+{BOB}": {"customer_code": "BOB001"} | FEBRUARY},
            "customers": {"BOB001": FEBRUARY},
            "total": FEBRUARY,
        },
        "2026-03": {
            "lines": {
                f"+{ALICE}": {"customer_code": "ALI001"} | ALICES,
                f"+{BOB}": {"customer_code": "BOB001"} | BOBS,
            },
            "customers": {"ALI001": ALICES, "BOB001": BOBS},
            "total": TOTAL,
        },
    },
}  # fmt: skip


def make(own: Path) -> None:
    """Write the set into `own`/cdr."""
    there = own / "cdr"
    there.mkdir(parents=True, exist_ok=True)
    files: dict[str, tuple[str, ...]] = {
        "Master.csv": MASTER,
        "wholesaler.csv": WHOLESALER,
        "cost_deck.csv": COST,
        "sell_deck.csv": SELL,
        "customers.csv": ("customer_code,name", "ALI001,Alice Liddel", "BOB001,Bob Builder"),
        "lines.csv": (
            "number,customer_code,source,account",
            f"+{ALICE},ALI001,asterisk,ali-1",
            f"+{BOB},BOB001,wholesaler,bob",
        ),
        "bundles.csv": ("number,class,free_minutes", f"+{ALICE},mobile,2"),
        "expected_calls.csv": CALLS,
    }
    for name, lines in files.items():
        (there / name).write_text("\r\n".join(lines) + "\r\n", encoding="ascii", newline="")
    (there / "profiles.json").write_text(json.dumps(PROFILES, indent=1))
    (there / "expected.json").write_text(json.dumps(EXPECTED, indent=1))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
