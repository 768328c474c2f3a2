"""Debit orders come over from another system: accounts and signed mandates, never over what is there."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import DebitDetail, Mandate
from billing.services import mandates
from customers.imports import customers as customer_import
from customers.models import Customer
from herotill.errors import DomainError
from herotill.imports import asking, mapping
from herotill.imports.kinds import kinds
from herotill.models import Import, ImportRow
from herotill.secrets import decrypt
from tests.factories import client_of, make_customer, make_person
from tests.factories.mandates import ABSA, FNB, NOW, OTHER_FNB, make_detail, make_mandate, new_detail

pytestmark = pytest.mark.django_db
HEAD = (
    "Account Code;Bank Name;Branch Name;Branch Code;Account Name;Account Type;Account Number;Debit Order Day"
)
OWN = (
    "Customer code;Payment method;Bank name;Branch code;Branch name;Account holder;Account type;Account number;"
    "Debit order day;Mandate reference;Mandate signed on\n"
)


@pytest.fixture
def bring(tmp_path):
    def bring(text, *options):
        file = tmp_path / "debit-orders.csv"
        file.write_text(text)
        said = StringIO()
        call_command("import_csv", "debit-orders", str(file), *options, stdout=said)
        return said.getvalue()

    return bring


def outcomes():
    return [row.reason or row.outcome for row in ImportRow.objects.order_by("of_id", "line")]


def test_accounts_and_their_mandates_come_over(bring):
    alice, bob = make_customer("Alice Liddel", "ALI001"), make_customer("Bob Builder", "BOB001")
    said = bring(
        OWN
        + f"ALI001;;FNB;;;A Liddel;cheque;{FNB};25;OLD-77;2019-03-01\nBOB001;;Absa;632005;Town;;savings;{ABSA};1;;\n"
    )
    assert "2 created" in said
    mandate = Mandate.objects.get()
    assert (mandate.customer, mandate.reference, mandate.status) == (alice, "OLD-77", "active")
    assert decrypt(mandate.detail.number.token) == FNB
    assert mandate.detail.branch_code == "250655"
    theirs = DebitDetail.objects.get(customer=bob)
    assert (theirs.holder, theirs.account_type, theirs.branch_name) == ("Bob Builder", "savings", "Town")
    alice.refresh_from_db()
    assert alice.payment_method == "debit_order"
    assert ImportRow.objects.get(code="BOB001").warnings == ["no_mandate"]


def test_headings_of_the_old_screen_are_known_and_a_lost_nought_comes_back(bring):
    make_customer("Alice Liddel", "ALI001")
    bring(f"{HEAD}\nALI001;Standard Bank;;51001;A Liddel;Current;067970168;31\n")
    assert outcomes() == ["create"]
    held = DebitDetail.objects.get()
    assert (held.branch_code, held.debit_day) == ("051001", 31)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"ZZZ001;;FNB;;;;;{FNB};25;;", "customer_unknown"),
        (f"ALI001;;Bank of Wonderland;;;;;{FNB};25;;", "bank_unknown"),
        ("ALI001;;FNB;;;;;62194875740;25;;", "number_fails"),
        ("ALI001;;FNB;;;;;my account;25;;", "bad_number"),
        ("ALI001;;FNB;;;;;;25;;", "no_number"),
        (f"ALI001;;FNB;25065X;;;;{FNB};25;;", "bad_branch"),
        (f"ALI001;;FNB;;;;loan;{FNB};25;;", "bad_account_type"),
        (f"ALI001;;FNB;;;;;{FNB};32;;", "bad_day"),
        (f"ALI001;;FNB;;;;;{FNB};25;;2999-01-01", "day_to_come"),
        (f"ALI001;;FNB;;;;;{FNB};25;TAKEN-1;2019-01-01", "reference_taken"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(bring, row, reason):
    make_customer("Alice Liddel", "ALI001")
    bob = make_customer("Bob Builder", "BOB001")
    theirs = make_mandate(bob)
    Mandate.objects.filter(pk=theirs.pk).delete()
    Mandate.objects.create(
        customer=bob,
        detail=theirs.detail,
        reference="TAKEN-1",
        kind="paper",
        status="active",
        debit_day=25,
        signed_at=NOW,
    )
    bring(OWN + row + "\n")
    assert outcomes() == [reason]
    assert not DebitDetail.objects.filter(customer__code="ALI001").exists()


def test_what_is_there_stays_as_it_is(bring):
    alice = make_customer("Alice Liddel", "ALI001")
    mandate = make_mandate(alice)
    bring(OWN + f"ALI001;;FNB;;;Thief;;{OTHER_FNB};25;;2019-01-01\n")
    assert outcomes() == ["already_there"]
    mandate.refresh_from_db()
    assert mandate.status == "active"
    assert DebitDetail.objects.get().holder == "A Liddel"


def test_it_can_be_taken_back_but_for_what_was_used_since(bring):
    alice, bob = make_customer("Alice Liddel", "ALI001"), make_customer("Bob Builder", "BOB001")
    bring(OWN + f"ALI001;;FNB;;;;;{FNB};25;;2019-01-01\nBOB001;;Absa;;;;;{ABSA};1;;2019-01-01\n")
    greta = make_person("Greta", "billing.add_debitdetail")
    mandates.save_detail(customer=bob, values=new_detail(number=OTHER_FNB), actor=greta, now=NOW)
    run = Import.objects.get().run
    call_command("import_csv", "--roll-back", str(run.pk), stdout=StringIO())
    assert not DebitDetail.objects.filter(customer=alice).exists()
    assert DebitDetail.objects.filter(customer=bob).count() == 2
    alice.refresh_from_db()
    assert alice.payment_method == ""


def test_other_payment_methods_come_without_an_account_and_go_again(bring):
    alice = make_customer("Alice Liddel", "ALI001")
    bob = make_customer("Bob Builder", "BOB001", payment_method="cash")
    make_customer("Carol Carter", "CAR001")
    bring("Customer code;Payment method\nALI001;EFT\nBOB001;Credit card\nCAR001;Bitcoin\n")
    assert outcomes() == ["create", "has_a_method", "bad_method"]
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.payment_method, bob.payment_method) == ("eft", "cash")
    call_command("import_csv", "--roll-back", str(Import.objects.get().run.pk), stdout=StringIO())
    alice.refresh_from_db()
    assert alice.payment_method == ""
    assert not DebitDetail.objects.exists()


def test_payment_methods_go_again_at_once_however_many(bring):
    for place in range(3):
        make_customer(f"Customer {place}", f"CUS{place:03}")
    bring("Customer code;Payment method\nCUS000;EFT\nCUS001;EFT\nCUS002;Cash\n")
    with CaptureQueriesContext(connection) as asked:
        call_command("import_csv", "--roll-back", str(Import.objects.get().run.pk), stdout=StringIO())
    assert sum('UPDATE "customers_customer" SET "payment_method"' in one["sql"] for one in asked) == 1
    assert not Customer.objects.exclude(payment_method="").exists()


def test_s25_the_imported_number_is_readable_nowhere(bring):
    make_customer("Alice Liddel", "ALI001")
    bring(OWN + f"ALI001;;FNB;;;A Liddel;;{FNB};25;;\n")
    row = ImportRow.objects.get()
    assert FNB not in str(row.cells) + str(row.values)
    with default_storage.open(Import.objects.get().file.name, "rb") as file:
        assert FNB.encode() not in file.read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM house_auditevent e")
        assert FNB not in cursor.fetchone()[0]


def test_s22_the_customer_import_knows_no_bank_details():
    """Whatever a file's columns are called, they lead to no bank detail, mandate or payment."""
    words = ("bank", "branch", "holder", "mandate", "number_of_account")
    assert not [name for name in customer_import.fields if any(word in name for word in words)]
    headings = ["Account Code", "Bank Name", "Account Number", "Branch Code", "Debit Order Day"]
    for preset in mapping.presets(customer_import):
        fitted = mapping.fitted(headings, preset.fields)
        assert not any(fitted.get(heading) for heading in headings[1:])


def test_s22_the_import_asks_the_rights_of_the_screen():
    kind = kinds["debit-orders"]
    greta = make_person("Greta", "billing.import_debit_orders")
    with pytest.raises(DomainError, match="Account number"):
        asking.check_columns(kind, {"a": "code", "b": "number"}, greta)
    with pytest.raises(DomainError, match="You may not import"):
        asking.check_columns(kind, {"a": "code"}, make_person("Dora"))
    henry = make_person("Henry", "billing.import_billing")
    assert b"Import payment methods" not in client_of(henry).get("/billing/import/").content
    make_detail(make_customer("Alice Liddel", "ALI001"))
