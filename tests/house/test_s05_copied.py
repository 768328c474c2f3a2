"""Safety 5: a restored or copied database does nothing outward until a person types the installation's name."""

from __future__ import annotations

import re
import shutil
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from django.core import mail
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from billing.services import batches
from billing.services.batches import files
from billing.services.cards import attempts
from dataaccounts.models import SessionOrder
from dataaccounts.services import session_work
from herotill import health, outward
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.http import Caller, NotSent
from herotill.integrations.mikrotik import Access
from herotill.integrations.mikrotik.live import RouterOsApi, RouterOsSnmp
from herotill.integrations.radius.live import UdpControl
from herotill.integrations.standin import StandIn
from herotill.messages.models import Message
from herotill.messages.services import mailing, outbox, sending, texting
from herotill.models import Installation
from tests.billing.cards.conftest import make_gateway
from tests.factories import make_customer
from tests.factories.collecting import NOW as BATCH_DAY
from tests.factories.collecting import bank, make_batch, make_group, make_payer
from tests.factories.data import make_account, make_nas, make_session
from tests.factories.people import client_of, make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
# What can leave the machine by itself, and what each file with it must ask.
WAYS = re.compile(
    r"^\s*(?:import|from) (?:requests|smtplib|imaplib|librouteros|puresnmp|paramiko|pymysql)\b"
    r"|psycopg\.connect\(|socket\.socket\(|create_connection\(|create_datagram_endpoint|get_connection\(\)",
    re.M,
)
ASKED = re.compile(r"outward\.(?:ask|allowed)\(\)|\bresolve\(|\bCaller\(")
# These reach nobody but ourselves, or are the far end of a line.
HOME = re.compile(
    r"embedded/|/serving\.py|/health\.py|standin|/server\.py|/bulk\.py|cards/payfast/live\.py|ping/live\.py|/backups?/"
    r"|/tests/|migrations/|radius_role\.py|/replica"
)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is another than the one the installation knows: its place has changed."""
    monkeypatch.setattr(outward, "_sure_until", 0.0)
    Installation.objects.create(name="production", sign=outward.sign(), place="7:16384:00000001")


class Partner(StandIn):
    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Any:
        return 200, {}


def test_s05_the_database_that_began_here_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "_sure_until", 0.0)
    assert (outward.is_ours(), outward.allowed()) == (True, True)


def test_a_thread_that_asks_leaves_no_line_to_the_database_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "_sure_until", 0.0)
    found: list[tuple[bool, object]] = []
    asks = threading.Thread(
        target=lambda: found.append((outward.allowed(), connections["default"].connection))
    )
    asks.start()
    asks.join()
    assert found == [(True, None)]


def test_s05_another_place_or_another_id_is_a_copy(copied: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not outward.allowed()
    outward.take()
    assert outward.is_ours()
    monkeypatch.setattr(house, "INSTALLATION_ID", "another machine")
    assert not outward.is_ours()


def test_s05_a_copy_mails_nobody_and_what_is_owed_waits(copied: None) -> None:
    outbox.queue(template="test-mail", to="alice@example.com", context={"subject": "a", "text": "b"}, now=NOW)
    assert sending.send_mail(NOW) == outward.HELD
    assert Message.objects.get().state == "waiting"
    for send in (mailing.send, lambda **words: texting.send(gateway=None, **words)):
        with pytest.raises(outward.Held):
            send(messages=list(Message.objects.all()), now=NOW)
    assert mail.outbox == []


def test_s05_a_copy_calls_nobody(copied: None, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with Partner() as partner:
        for call in (Caller.get, Caller.post):
            with pytest.raises(NotSent, match="restored or copied") as no:
                call(Caller("A bank", partner.url, sleep=lambda seconds: None), "/")
            assert no.value.retry
        assert partner.calls == []


def test_s05_a_copy_changes_nothing_at_routers(copied: None) -> None:
    account = make_account(make_customer("Alice Liddel", "ALI001"))
    make_session(account, make_nas("Tower 1", "127.0.0.1"))
    SessionOrder.objects.create(account=account, unique_id="1", kind="disconnect", why="Suspended")
    assert session_work.carry_out(NOW) == outward.HELD
    assert SessionOrder.objects.get().state == "owed"
    for speak in (
        lambda: UdpControl().carry_out([]),
        RouterOsApi(Access("127.0.0.1", 9)).signals,
        RouterOsSnmp(Access("127.0.0.1", 9)).signals,
    ):
        with pytest.raises(outward.Held):
            speak()


def test_s05_a_copy_hands_out_no_bank_file_and_takes_no_card(copied: None) -> None:
    anna, mary = make_person("Anna"), make_person("Mary")
    with bank():
        alice = make_payer("ALI001", group := make_group(), "454.00")
        batch = batches.release(batch=make_batch(group, actor=anna), actor=mary, now=BATCH_DAY)
        with pytest.raises(DomainError, match="restored or copied"):
            files.file_of(batch=batch, actor=mary, now=BATCH_DAY)
        outward.take()
        assert files.file_of(batch=batch, actor=mary, now=BATCH_DAY)
    make_gateway()
    wanted = attempts.Wanted(attempts.Purpose.PAY, Decimal("454.00"))
    outward.disown()
    with pytest.raises(DomainError, match="no cards"):
        attempts.start(customer=alice, wanted=wanted, actor=None, now=NOW)
    outward.take()
    assert attempts.start(customer=alice, wanted=wanted, actor=None, now=NOW).pk


def test_s05_every_way_out_asks() -> None:
    """Whoever adds one is told here."""
    apps = ("herotill", "customers", "dataaccounts", "billing", "workflow", "helpdesk")
    ways = [
        path
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        if WAYS.search(path.read_text()) and not HOME.search(path.as_posix())
    ]
    assert len(ways) > 5
    silent = [path.relative_to(ROOT).as_posix() for path in ways if not ASKED.search(path.read_text())]
    assert [path for path in silent if "integrations" in path or "services" in path] == []


def test_s05_a_person_types_the_name_and_everything_goes_on(copied: None, settings: Any) -> None:
    settings.INSTALLATION_NAME = "billing.karoo.example"
    outbox.queue(template="test-mail", to="alice@example.com", context={"subject": "a", "text": "b"}, now=NOW)
    thandi = make_person("Thandi", "house.see_installation", "house.confirm_installation")
    desk = client_of(thandi)

    page = desk.get("/setup/installation/").content.decode()
    assert "billing.karoo.example" in page
    assert re.search(r"Mails</th><td class=\"num\">1<", page)
    assert "Nothing goes out" in desk.get("/").content.decode()
    asked = desk.post("/setup/installation/", {"name": "Billing.Karoo.example"})
    assert (b"Confirm that it is you" in asked.content, outward.allowed()) == (True, False)
    session = desk.session
    session["confirmed_at"] = timezone.now().isoformat()
    session.save()
    wrong = desk.post("/setup/installation/", {"name": "karoo"})
    assert (wrong.status_code, outward.allowed()) == (422, False)
    assert "not the name of this installation" in wrong.content.decode()

    assert desk.post("/setup/installation/", {"name": " Billing.Karoo.example "}).status_code == 302
    newest = outward.last()
    assert newest is not None
    assert (newest.actor_id, newest.actor_name, outward.allowed()) == (thandi.pk, "Thandi", True)
    assert "Nothing goes out" not in desk.get("/").content.decode()
    assert sending.send_mail(NOW + timedelta(days=30)) == "1 sent."


def test_s05_who_has_no_right_sees_and_cannot(copied: None) -> None:
    dora = client_of(make_person("Dora", "house.see_installation"))
    assert "An administrator decides" in dora.get("/setup/installation/").content.decode()
    assert dora.post("/setup/installation/", {"name": house.INSTALLATION_NAME}).status_code == 403
    assert client_of(make_person("Bob")).get("/setup/installation/").status_code == 403
    assert not outward.allowed()


def test_s05_whose_it_was_is_never_changed(copied: None) -> None:
    for change in (
        lambda: Installation.objects.update(place=outward._place()),
        lambda: Installation.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="is not changed"), transaction.atomic():
            change()


def test_s05_the_id_is_kept_in_a_file_made_once(tmp_path: Path, settings: Any) -> None:
    settings.INSTALLATION_ID, settings.INSTALLATION_FILE = "", tmp_path / "media" / ".installation"
    assert outward.sign() == outward.sign() != ""
    assert len((tmp_path / "media" / ".installation").read_text()) > 20
    assert [path.name for path in (tmp_path / "media").iterdir()] == [".installation"]
    settings.INSTALLATION_FILE = Path("/proc/nowhere/.installation")
    with pytest.raises(DomainError, match="cannot be kept"):
        outward.confirm(typed=house.INSTALLATION_NAME, actor=make_person("Thandi"), now=NOW)


def test_s05_an_id_that_cannot_be_read_is_none(tmp_path: Path, settings: Any) -> None:
    """An empty file would make every installation with one the same."""
    settings.INSTALLATION_ID, settings.INSTALLATION_FILE = "", tmp_path / ".installation"
    for content in (b"", b"\n", b"\xff\xfe\x00"):
        settings.INSTALLATION_FILE.write_bytes(content)
        assert outward.sign() == ""
        assert not outward.is_ours()
    settings.INSTALLATION_FILE.unlink()
    settings.INSTALLATION_FILE.mkdir()
    assert outward.sign() == ""


def test_s05_volumes_copied_by_file_are_a_copy(copied: None, tmp_path: Path, settings: Any) -> None:
    """The database's own place is the same then, and so is what stands in the file."""
    settings.INSTALLATION_ID, settings.INSTALLATION_FILE = "", tmp_path / "media" / ".installation"
    outward.take()
    assert outward.is_ours()
    shutil.copytree(tmp_path / "media", tmp_path / "copy")
    settings.INSTALLATION_FILE = tmp_path / "copy" / ".installation"
    assert not outward.is_ours()
    settings.INSTALLATION_FILE = tmp_path / "media" / ".installation"
    assert outward.is_ours()


def test_s05_a_copy_made_before_there_were_rows_is_nobodys() -> None:
    """A trigger keeps the rows, so this plays in a table without them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE house_installation (LIKE public.house_installation INCLUDING ALL)"
        )
    thandi = make_person("Thandi")
    outward.begin()
    assert not Installation.objects.exists()
    thandi.delete()
    outward.begin()
    assert outward.is_ours()


def test_s05_a_copy_is_said_to_whoever_watches(copied: None) -> None:
    assert health.findings(NOW)["outward"] == health.Finding(False, outward.HELD, vital=False)
    assert isinstance(outward.Held(), IntegrationError)
