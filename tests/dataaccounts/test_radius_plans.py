"""FreeRADIUS's questions at a hundred thousand accounts: each goes by an index, for the user who asks alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from dataaccounts.models import DataAccount
from herotill.integrations.radius.server import CONFIGURATION
from tests.dataaccounts.radius_fill import fill, password, username

pytestmark = pytest.mark.django_db
ACCOUNTS, WHO = 100_000, 5_000
LOOKED_UP = (
    "authorize_check_query",
    "authorize_reply_query",
    "group_membership_query",
    "authorize_group_reply_query",
    "simul_count_query",
    "accounting-on",
    "start",
    "start.2",
    "interim-update",
    "interim-update.2",
    "stop",
    "stop.2",
    "stop.3",
    "post-auth",
    "secret",
    "require_ma",
)
SAID = {
    "SQL-User-Name": username(WHO),
    "User-Name": username(WHO),
    "SQL-Group": "package-{package}",
    "Packet-Src-IP-Address": "10.1.0.1",
    "NAS-IP-Address": "10.1.0.1",
    "Acct-Unique-Session-Id": "50000",
    "Acct-Session-Id": "50000",
    "Calling-Station-Id": "80:2A:A8:24:E8:61",
    "reply:Packet-Type": "Access-Accept",
}


def opening() -> str:
    """What FreeRADIUS says once a connection: settings, and questions to be planned once."""
    text = (CONFIGURATION / "queries.conf").read_text().replace("\\\n", " ")
    found = re.search(r'^open_query = "(.*)"$', text, re.M)
    assert found
    return found[1]


def questions() -> dict[str, str]:
    """Every statement of the shipped configuration, by its name, filled in as FreeRADIUS would."""
    text = (CONFIGURATION / "queries.conf").read_text().replace("\\\n", " ")
    text += (CONFIGURATION / "mods" / "sql").read_text()
    values = dict(re.findall(r'^\s*(\w+) = "(.*)"$', text, re.M))
    found = {name: value for name, value in values.items() if name in LOOKED_UP}
    section = ""
    for line in text.splitlines():
        if opened := re.match(r"\s*([\w-]+) \{$", line):
            section, number = opened[1], 0
        elif asked := re.match(r'\s*query = "(.*)"$', line):
            number += 1
            found[section if number == 1 else f"{section}.{number}"] = asked[1]
    site = (CONFIGURATION / "site.conf").read_text()
    found |= {
        name: f"{asked}" for asked, name in re.findall(r"%\{sql:(SELECT (\w+) FROM nas .*?)\}\"$", site, re.M)
    }
    return {name: _filled(asked, values) for name, asked in found.items() if name in LOOKED_UP}


def _filled(asked: str, values: dict[str, str]) -> str:
    while reference := re.search(r"\$\{\.*([\w.-]+)\}", asked):
        asked = asked.replace(reference[0], values[reference[1].split(".")[-1]])
    asked = asked.replace("%{%{integer:Event-Timestamp}:-%l}", "1796000000")
    asked = re.sub(r"%\{%\{[\w-]+\}:-(%\{)?([\w-]+)\}?\}", lambda given: given[2], asked)
    return re.sub(r"%\{([\w:-]+)\}", lambda name: SAID.get(name[1], ""), asked)


def scans(node: dict[str, Any]) -> Iterator[str]:
    """How each table is come by in a plan."""
    if "Relation Name" in node or node["Node Type"].endswith("Scan"):
        yield f"{node['Node Type']} on {node.get('Relation Name', node.get('Alias', ''))}"
    for below in node.get("Plans", []):
        yield from scans(below)


@pytest.fixture
def hundred_thousand() -> Iterator[dict[str, str]]:
    """The questions to a connection as FreeRADIUS opens it."""
    fill(ACCOUNTS, router="10.1.0.1")
    package = DataAccount.objects.get(username=username(WHO)).package_id
    with connection.cursor() as cursor:
        cursor.execute(opening())
        yield {name: text.replace("{package}", str(package)) for name, text in questions().items()}
        cursor.execute("DEALLOCATE ALL")


def test_every_question_of_freeradius_goes_by_an_index(hundred_thousand: dict[str, str]) -> None:
    assert set(hundred_thousand) == set(LOOKED_UP)
    slow: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for name, asked in hundred_thousand.items():
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {asked}")
            plan = cursor.fetchone()[0][0]["Plan"]
            found = [how for how in scans(plan) if how.startswith("Seq Scan")]
            if found:
                slow[name] = found
    assert slow == {}


def test_the_questions_give_what_they_should(hundred_thousand: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(hundred_thousand["authorize_check_query"])
        assert [row[2:] for row in cursor.fetchall()] == [
            ("Simultaneous-Use", "1", ":="),
            ("Cleartext-Password", password(WHO), ":="),
        ]
        cursor.execute(hundred_thousand["authorize_group_reply_query"])
        assert [row[2:4] for row in cursor.fetchall()] == [
            ("Mikrotik-Rate-Limit", "5000k/1000k"),
            ("Acct-Interim-Interval", "300"),
        ]
        cursor.execute(hundred_thousand["simul_count_query"])
        assert cursor.fetchone() == (1,)
