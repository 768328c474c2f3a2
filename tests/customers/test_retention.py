"""Rule 29: each kind of records goes after its time, in one nightly run that trouble with one kind does not stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from herotill import retention
from herotill.errors import DomainError
from herotill.jobs import carry_out, jobs
from herotill.models import AuditEvent, Export, JobState, KeptState, RetentionRules
from tests.factories import make_customer, make_person
from tests.factories.people import client_of

pytestmark = pytest.mark.django_db
NOW = datetime(2036, 1, 1, 2, tzinfo=UTC)
PAGE = "/setup/retention/"
SEES, SETS = "house.view_retentionrules", "house.change_retentionrules"


@pytest.fixture
def broken() -> Iterator[None]:
    """A kind that cannot be cleared."""

    def fail(now: datetime) -> str:
        raise OSError("The disk is gone.")

    retention.kinds.register(
        retention.Kept(name="broken", title="Broken", period=lambda rules: "a day", forget=fail, order=1)
    )
    yield
    retention.kinds.unregister("broken")


def test_s29_the_nightly_run_goes_through_every_kind_and_says_what_went():
    make_customer("Alice Liddel", "ALI001")
    assert AuditEvent.objects.exists()

    carry_out("retention", now=NOW)
    assert not AuditEvent.objects.filter(at__lt=NOW - timedelta(days=366 * 8)).exists()
    assert set(KeptState.objects.values_list("name", flat=True)) == {kind.name for kind in retention.kinds}
    assert "events" in KeptState.objects.get(name="audit").said
    assert jobs["retention"].schedule == "daily at 03:40"


def test_s29_what_is_not_past_its_time_stays():
    make_customer("Alice Liddel", "ALI001")
    before = AuditEvent.objects.count()
    person = make_person("Thabo")
    export = Export.objects.create(
        list_name="customers", person=person, query="q=Liddel", columns=[], file_format="csv", rows=1
    )

    carry_out("retention", now=datetime.now(UTC))
    assert AuditEvent.objects.count() >= before
    export.refresh_from_db()
    assert export.query == "q=Liddel"

    carry_out("retention", now=datetime.now(UTC) + timedelta(days=800))
    export.refresh_from_db()
    assert export.query == ""


def test_s29_trouble_with_one_kind_does_not_stop_the_others_and_is_said(broken):
    with pytest.raises(DomainError, match="Broken"):
        carry_out("retention", now=NOW)
    assert KeptState.objects.get(name="broken").failed
    assert not KeptState.objects.get(name="imports").failed
    assert JobState.objects.get(name="retention").failed


def test_thabo_sets_how_long_and_sees_when_it_last_went():
    retention.carry_out(NOW)
    client = client_of(make_person("Thabo", SEES, SETS))
    page = client.get(PAGE).content.decode()
    assert "Audit trail" in page
    assert "2036-01-01" in page

    held = RetentionRules.objects.values(
        "anonymise_after_months", "results_days", "documents_years", "books_years", "year_ends_in",
        "audit_years", "diaries_months", "notices_months", "lost_leads_months", "raw_mail_months",
    ).get()  # fmt: skip
    assert client.post(PAGE, held | {"books_years": 10}).status_code == 302
    assert RetentionRules.objects.get().books_years == 10
    assert client.post(PAGE, held | {"books_years": 6}).status_code == 422
    assert RetentionRules.objects.get().books_years == 10


def test_dora_neither_sees_nor_sets_it():
    assert client_of(make_person("Dora")).get(PAGE).status_code == 403
    client = client_of(make_person("Thabo", SEES))
    client.post(PAGE, {"books_years": 20})
    assert RetentionRules.objects.get().books_years == 7
