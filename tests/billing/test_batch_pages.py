"""The screens of debit batches: built from a dialog, looked at, changed, released by another, downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import (
    CollectionBatch,
    CollectionLine,
    CollectionResult,
    CollectionRules,
    DebitNotice,
    UnpaidCode,
)
from billing.services import batches, collection_results, debit_notices
from herotill import runs
from herotill.messages.models import Message
from herotill.models import ApprovalRequest, Run
from tests.factories.billing import make_invoice
from tests.factories.collecting import NOW, RUN, bank, make_batch, make_group, make_payer, result
from tests.factories.people import client_of, in_role, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> Iterator[None]:
    with bank():
        yield


@pytest.fixture
def group():
    return make_group()


@pytest.fixture
def anna():
    return in_role("Anna", "accounts")


@pytest.fixture
def mary():
    return in_role("Mary", "manager")


def deed(person, batch, name: str, **data):
    return client_of(person).post(reverse("billing:batch-deed", args=[batch.pk, name]), data)


def test_anna_builds_a_batch_from_the_dialog(group, anna) -> None:
    make_payer("ALI001", group, "454.00")
    client = client_of(anna)
    shown = client.get(reverse("billing:batch-build"))
    assert shown.status_code == 200
    data = {"group": group.pk, "channel": "test", "action_date": "2030-08-27", "due_upto": "2030-08-31"}
    client.post(reverse("billing:batch-build"), data)
    run = Run.objects.get()
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"lines": 1})
    batch = CollectionBatch.objects.get()
    assert runs.kinds[run.kind].result_url(run) == reverse("billing:batch", args=[batch.pk])
    page = client.get(reverse("billing:batch", args=[batch.pk])).content.decode()
    assert "R 454.00" in page


def test_a_day_on_which_no_business_is_done_is_refused_with_the_next(group, anna) -> None:
    data = {"group": group.pk, "channel": "test", "action_date": "2030-12-25", "due_upto": "2030-12-31"}
    answer = client_of(anna).post(reverse("billing:batch-build"), data)
    assert answer.status_code == 422
    assert "The next day is 2030-12-27" in answer.content.decode()


def test_mary_releases_what_anna_built_and_anna_may_not(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = make_batch(group, actor=anna, action_date=date(2030, 8, 27))
    assert deed(anna, batch, "release").status_code == 403
    assert deed(mary, batch, "release").status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.released_by) == ("released", mary)


def test_who_built_it_is_told_why_they_may_not_release(group, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = make_batch(group, actor=mary, action_date=date(2030, 8, 27))
    page = client_of(mary).get(reverse("billing:batch", args=[batch.pk])).content.decode()
    assert "somebody else releases it" in page
    answer = deed(mary, batch, "release")
    assert answer.status_code == 422


def test_s04_the_file_is_served_only_of_a_released_batch(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batch = make_batch(group, actor=anna, action_date=date(2030, 8, 27))
    client = client_of(anna)
    address = reverse("billing:batch-file", args=[batch.pk])
    assert client.post(address).status_code == 302
    deed(mary, batch, "release")
    answer = client.post(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"4052601815" in answer.content
    assert client.get(address).status_code == 405
    dora = make_person("Dora", "billing.view_collectionbatch")
    assert client_of(dora).post(address).status_code == 403


def test_the_lists_of_lines_and_of_who_is_left_out_take_few_questions(
    group, anna, django_assert_max_num_queries
) -> None:
    for number in range(12):
        make_payer(f"ALI{number:03}", group, "100.00" if number % 2 else "")
    batch = make_batch(group, actor=anna)
    client = client_of(anna)
    for name in ("billing:batch-lines", "billing:batch-left-out"):
        client.get(reverse(name), {"batch": batch.pk})
        with django_assert_max_num_queries(14):
            assert client.get(reverse(name), {"batch": batch.pk}).status_code == 200
    with django_assert_max_num_queries(22):
        client.get(reverse("billing:batch", args=[batch.pk]))
    found = client.get(reverse("billing:batch-lines"), {"batch": batch.pk, "q": "ALI003"}).content.decode()
    assert ("ALI003" in found, "ALI005" in found) == (True, False)


@pytest.mark.parametrize("most", [2_000, 0])
def test_lines_are_found_by_code_and_by_any_word_of_the_name(group, anna, monkeypatch, most: int) -> None:
    monkeypatch.setattr("herotill.among.MOST", most)  # with 0 they are too many to be named first
    for code, surname in (("ALI001", "Liddell"), ("BOB001", "Builder")):
        payer = make_payer(code, group, "100.00")
        type(payer).objects.filter(pk=payer.pk).update(first_names="Sam", surname=surname)
    asked = {"batch": make_batch(group, actor=anna).pk}
    for text, who in (("ali0", "ALI001"), ("lidd", "ALI001"), ("sam b", "BOB001"), ("iddell", "")):
        page = client_of(anna).get(reverse("billing:batch-lines"), asked | {"q": text}).content.decode()
        assert [code for code in ("ALI001", "BOB001") if code in page] == [who] * bool(who)


def test_who_is_mandated_for_another_day_is_listed_with_that_day(group, anna) -> None:
    make_payer("DAY001", group, "100.00", day=1)
    make_payer("NIL001", group)
    batch = make_batch(group, actor=anna)
    found = client_of(anna).get(reverse("billing:batch-left-out"), {"batch": batch.pk}).content.decode()
    assert found.count("day 1, the business day after") == 1
    assert f"day {group.run_day}, " not in found


def test_a_line_is_lowered_left_out_and_put_back_in_its_dialog(group, anna) -> None:
    make_payer("ALI001", group, "454.00")
    make_batch(group, actor=None)
    client = client_of(anna)

    def act(name: str, **data):
        line = CollectionLine.objects.get()
        assert client.get(reverse("billing:batch-line", args=[line.pk])).status_code == 200
        return client.post(reverse("billing:batch-line-change", args=[line.pk, name]), data)

    assert act("amount", amount="500", why="More").status_code == 422
    act("amount", amount="200", why="Half")
    assert CollectionLine.objects.get().amount == Decimal(200)
    act("leave-out", why="Sick")
    assert CollectionLine.objects.get().state == "withdrawn"
    act("put-back")
    assert (CollectionLine.objects.get().state, CollectionLine.objects.get().amount) == (
        "planned",
        Decimal("454.00"),
    )


def test_a_result_in_doubt_is_settled_by_a_person(group, anna, mary) -> None:
    make_payer("ALI001", group, "454.00")
    batches.release(batch=make_batch(group, actor=anna), actor=mary, now=NOW)
    rows = [result(told_id="1", reference="ALI001", amount="454.00")]
    collection_results.book(channel="test", rows=rows, run_id=None, now=NOW, actor=None)
    found = CollectionResult.objects.get()
    client = client_of(anna)
    assert "In doubt" in client.get(reverse("billing:result-rows")).content.decode()
    shown = client.get(reverse("billing:result-row-settle", args=[found.pk])).content.decode()
    line = CollectionLine.objects.get()
    assert f"HT{line.pk}" in shown
    client.post(
        reverse("billing:result-row-settle", args=[found.pk]), {"is_a": "line", "line": f"HT{line.pk}"}
    )
    line.refresh_from_db()
    assert line.state == "collected"


def test_unpaids_are_shown_against_their_limits(group, anna, mary) -> None:
    for code in ("ALI001", "BOB001"):
        make_payer(code, group, "100.00")
    batches.release(batch=make_batch(group, actor=anna), actor=mary, now=NOW)
    rows = [
        result(told_id=f"{line.pk}", line_reference=f"HT{line.pk}", amount="100.00")
        for line in CollectionLine.objects.all()
    ]
    rows.append(
        result(
            told_id="u",
            told_type="DRU",
            kind="unpaid",
            code="02",
            line_reference=rows[0].line_reference,
            amount="100",
        )
    )
    collection_results.book(channel="test", rows=rows, run_id=None, now=NOW, actor=None)
    from billing.selectors import collection_ratios

    (ratio,) = collection_ratios.ratios(today=RUN)
    assert (ratio.unpaid, ratio.unpaid_share) == (1, Decimal("50.0"))
    assert collection_ratios.limits().over(ratio)
    assert client_of(anna).get(reverse("billing:collection-ratios")).status_code == 200


def test_s04_switching_the_second_person_off_takes_two(mary) -> None:
    from herotill import approvals

    zoe = in_role("Zoe", "manager")
    client_of(mary).post(reverse("billing:collection-second-person"), {"why": "We are only two"})
    assert CollectionRules.objects.get().second_person
    request = ApprovalRequest.objects.get()
    approvals.decide(request=request, approve=True, actor=zoe, now=NOW)
    assert not CollectionRules.objects.get().second_person


def test_a_code_is_changed_in_setup(mary) -> None:
    code = UnpaidCode.objects.get(code=22)
    client_of(mary).post(
        reverse("billing:unpaid-code", args=[code.pk]), {"code": 22, "text": "Uncleared", "effect": "block"}
    )
    code.refresh_from_db()
    assert code.effect == "block"


def test_s28_a_debit_that_differs_from_the_last_is_announced_or_the_line_says_so(group, anna, mary) -> None:
    alice, bob = (make_payer(code, group, "100.00") for code in ("ALI001", "BOB001"))
    batches.release(batch=make_batch(group, actor=anna), actor=mary, now=NOW)
    rows = [
        result(told_id=f"{line.pk}", line_reference=f"HT{line.pk}", amount="100.00")
        for line in CollectionLine.objects.all()
    ]
    collection_results.book(channel="test", rows=rows, run_id=None, now=NOW, actor=None)
    make_invoice(alice, "100.00", date(2018, 9, 1))
    make_invoice(bob, "250.00", date(2018, 9, 1))
    batch = make_batch(group, actor=anna, action_date=date(2018, 9, 27), due_upto=date(2018, 9, 27))
    kinds = {line.reference: [one["kind"] for one in line.warnings] for line in batch.all_lines.all()}
    assert (kinds["ALI001"], "notice" in kinds["BOB001"]) == ([], True)

    assert debit_notices.announce(batch=batch, actor=anna, now=NOW) == 1
    assert debit_notices.announce(batch=batch, actor=anna, now=NOW) == 0
    message = Message.objects.get(subject_kind="debit_notice")
    assert (message.customer_id, message.context["amount"], message.context["date"]) == (
        bob.pk,
        "250.00",
        "2018-09-27",
    )
    DebitNotice.objects.update(sent_on=date(2018, 9, 20))
    batch = batches.update(batch=batch, actor=anna, now=NOW)
    assert "notice" in [one["kind"] for one in batch.all_lines.get(customer=bob).warnings]
    DebitNotice.objects.update(sent_on=date(2018, 9, 17))
    batch = batches.update(batch=batch, actor=anna, now=NOW)
    assert "notice" not in [one["kind"] for one in batch.all_lines.get(customer=bob).warnings]


def test_the_command_builds_and_writes_only_what_is_released(group, mary, tmp_path, settings) -> None:
    from django.core.management import CommandError, call_command

    make_payer("ALI001", group, "454.00")
    out = tmp_path / "batch.txt"
    given = [
        "--billing-group",
        group.name,
        "--action-date",
        "2030-08-27",
        "--channel",
        "test",
        "--out",
        str(out),
    ]
    with pytest.raises(CommandError, match="is not released"):
        call_command("debit_batch", *given)
    batch = CollectionBatch.objects.get()
    batches.release(batch=batch, actor=mary, now=NOW)
    call_command("debit_batch", *given)
    call_command("debit_batch", *given)
    assert b"ALI001" in out.read_bytes()
    assert CollectionBatch.objects.count() == 1
