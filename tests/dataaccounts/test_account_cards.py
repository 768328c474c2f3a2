"""The cards Data accounts and Package changes: what they show, who may do what, and what it says."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from dataaccounts.models import DataAccount, IdentityCheck, PackageChange
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import GB, make_account, make_checked, make_nas, make_package, make_session
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
CARD, CHANGES = "/customers/ALI001/widgets/data-accounts/", "/customers/ALI001/widgets/package-changes/"
SEES = ("customers.view_customer", "dataaccounts.view_dataaccount")
QUERIES = 6


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def johan():
    return client_of(in_role("Johan", "support"))


def toast(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


def post(client, url, **data):
    return client.post(url, data, headers={"HX-Request": "true"})


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_the_package_line_says_price_custom_price_speeds_and_allowance(alice, johan):
    plain = make_package(
        "10Mb/s Uncapped", down_kbit=20_000, up_kbit=20_000, allowance=GB, when_capped="go_on", price="454.00"
    )
    make_account(alice, "alice@wonderland.com", plain, price=Decimal("756.49"))
    make_account(alice, "alice-2", plain)
    make_account(alice, "alice-3", make_package("Staff (Helpdesk)", staff=True))
    card = text_of(johan.get(CARD))
    assert "10Mb/s Uncapped – R 756.49 (Custom Price)" in card
    assert "(20 Mb/s down, 20 Mb/s up, 1 GB Monthly)" in card
    assert "10Mb/s Uncapped – R 454.00<br>" in card
    assert 'Staff (Helpdesk) <span class="chip">Staff</span> – free' in card


def test_the_card_takes_few_queries_however_many_accounts(alice, django_assert_max_num_queries):
    from dataaccounts.widgets.data_accounts import DataAccounts

    sam = make_person("Sam", *SEES, "dataaccounts.view_identitycheck")
    sam.has_perm("dataaccounts.view_dataaccount")
    for number in range(30):
        make_account(alice, f"alice-{number}", price=Decimal(100))
    with django_assert_max_num_queries(QUERIES):
        DataAccounts(customer=alice, user=sam, request=None).context()


def test_buttons_stand_where_they_have_something_to_act_on(alice):
    manager = client_of(in_role("Mary", "manager"))
    buttons = {name: f'id="act-data-accounts-{name}"' for name in ("suspend", "restore", "cancel")}

    def standing():
        card = text_of(manager.get(CARD))
        return {name for name, button in buttons.items() if button in card}

    assert standing() == set()
    account = make_account(alice)
    assert standing() == {"suspend", "cancel"}
    DataAccount.objects.filter(pk=account.pk).update(state="suspended")
    assert standing() == {"restore", "cancel"}
    make_account(alice, "alice-2")
    assert standing() == {"suspend", "restore", "cancel"}


def test_packages_for_staff_are_given_by_who_may(alice, johan):
    free, sold = make_package("Staff (Helpdesk)", staff=True), make_package()
    account = make_account(alice, package=sold)
    manager = client_of(in_role("Mary", "manager"))
    for url in (f"{CARD}add/", f"{CHANGES}add/", f"{CARD}switch/{account.pk}/"):
        assert f'<option value="{free.pk}"' in manager.get(url).content.decode()
        offered = johan.get(url).content.decode()
        assert f'<option value="{sold.pk}"' in offered
        assert f'<option value="{free.pk}"' not in offered
    day = str(timezone.localdate())
    assert post(johan, f"{CARD}add/", username="alice-2", package=free.pk, starts_on=day).status_code == 422
    assert post(manager, f"{CARD}add/", username="alice-2", package=free.pk, starts_on=day).status_code == 204


def test_an_account_is_added_with_a_proposed_name_and_waits_without_checks(alice, johan):
    package = make_package()
    dialog = text_of(johan.get(f"{CARD}add/"))
    assert 'value="ali001"' in dialog
    day = str(timezone.localdate())
    no = post(johan, f"{CARD}add/", username="ALI 001", package=package.pk, starts_on=day)
    assert (no.status_code, "RADIUS takes" in no.content.decode()) == (422, True)
    no = post(johan, f"{CARD}add/", username="ali001", package=package.pk, starts_on=day, activate="on")
    assert "not checked yet" in no.content.decode()

    yes = post(johan, f"{CARD}add/", username=" ALI001 ", package=package.pk, starts_on=day)
    assert toast(yes) == "ali001 is added and waits to be activated."
    assert 'value="ali001-2"' in text_of(johan.get(f"{CARD}add/"))


def test_checks_are_noted_and_then_the_account_is_activated(alice, johan):
    account = make_account(alice, state="waiting")
    assert "not checked" in text_of(johan.get(CARD))
    assert post(johan, f"{CARD}activate/{account.pk}/").status_code == 422
    day = str(timezone.localdate())
    for kind in ("identity", "address"):
        assert post(johan, f"{CARD}check/", kind=kind, document="ID card", checked_on=day).status_code == 204
    assert IdentityCheck.objects.filter(checked_by__name="Johan").count() == 2
    assert "by Johan" in text_of(johan.get(CARD))
    assert post(johan, f"{CARD}activate/{account.pk}/").status_code == 204
    assert DataAccount.objects.get().state == "active"


def test_some_or_all_are_suspended_restored_and_cancelled_and_told_what_it_means(alice):
    thabo = client_of(in_role("Thabo", "manager"))
    one, two = make_account(alice), make_account(alice, "alice-2")
    bobs = make_account(make_customer("Bob Hatter", "BOB001"), "bob")
    make_session(one, make_nas())
    dialog = text_of(thabo.get(f"{CARD}suspend/"))
    assert "alice@isp.example: 10Mb/s Uncapped, 1 session is up" in dialog
    assert "They go on being billed" in dialog
    no = post(thabo, f"{CARD}suspend/", accounts=[bobs.pk], reason="Owes")
    assert no.status_code == 422

    done = post(thabo, f"{CARD}suspend/", accounts=[one.pk, two.pk], reason="Owes")
    assert toast(done) == "2 data accounts suspended."
    assert toast(post(thabo, f"{CARD}restore/", accounts=[two.pk], reason="Paid")) == "alice-2 is restored."
    assert "R 454.00 a month ends" in text_of(thabo.get(f"{CARD}cancel/"))
    day = str(timezone.localdate())
    post(thabo, f"{CARD}cancel/", accounts=[one.pk, two.pk], last_day=day, reason="Moves")
    assert set(alice.data_accounts.values_list("state", flat=True)) == {"cancelled"}
    bobs.refresh_from_db()
    assert bobs.state == "active"


def test_dora_sees_and_changes_nothing_and_eve_does_not_even_see(alice):
    account = make_account(alice)
    dora, eve = (
        client_of(make_person("Dora", *SEES)),
        client_of(make_person("Eve", "customers.view_customer")),
    )
    card = text_of(dora.get(CARD))
    assert "alice@isp.example" in card
    assert "Suspend" not in card
    for name in ("add", "suspend", "restore", "cancel", "check"):
        assert dora.get(f"{CARD}{name}/").status_code == 403
    for name in ("edit", "price", "password", "reveal", "switch", "activate", "keep"):
        assert dora.get(f"{CARD}{name}/{account.pk}/").status_code == 403
    assert eve.get(CARD).status_code == 403


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("support", ("add", "suspend", "restore", "check"), ("cancel",)),
        ("technician", ("add", "suspend", "restore", "check"), ("cancel",)),
        ("accounts", ("add", "cancel"), ("suspend",)),
        ("auditor", (), ("add", "suspend", "restore", "cancel", "check")),
    ],
)
def test_roles_hold_what_their_work_takes(alice, role, may, may_not):
    person = client_of(in_role("Somebody", role))
    assert person.get(CARD).status_code == 200
    assert {person.get(f"{CARD}{name}/").status_code for name in may} <= {200}
    assert {person.get(f"{CARD}{name}/").status_code for name in may_not} == {403}


@pytest.mark.django_db(transaction=True)
def test_a_password_is_shown_with_a_reason_and_on_record_and_never_otherwise(alice):
    from dataaccounts.services import radius_secrets
    from herotill.models import SecretReveal

    account = make_account(alice)
    radius_secrets.set_password(account_id=account.pk, password="rabbit-hole-7", actor=None)
    johan = client_of(make_person("Johan", *SEES, "dataaccounts.reveal_password"))
    assert "rabbit-hole-7" not in text_of(johan.get(CARD))
    assert post(johan, f"{CARD}reveal/{account.pk}/").status_code == 422
    shown = post(johan, f"{CARD}reveal/{account.pk}/", reason="Her router was reset")
    assert "rabbit-hole-7" in shown.content.decode()
    reveal = SecretReveal.objects.get()
    assert (reveal.reason, reveal.customer_id) == ("Her router was reset", alice.pk)


def test_an_account_is_edited_and_its_price_and_password_change(alice):
    thabo = client_of(in_role("Thabo", "manager"))
    account = make_account(alice)
    form = {"username": "alice", "static_ip": "10.9.0.7", "text": "Roof of the barn"}
    assert post(thabo, f"{CARD}edit/{account.pk}/", **form).status_code == 204
    account.refresh_from_db()
    assert (account.username, account.static_ip, account.text) == ("alice", "10.9.0.7", "Roof of the barn")
    day = str(timezone.localdate())
    post(thabo, f"{CARD}price/{account.pk}/", amount="R 300.00", starts_on=day, agreed="on")
    assert account.prices.get().amount == Decimal("300.00")
    assert "R 300.00 (Custom Price)" in text_of(thabo.get(CARD))
    assert post(thabo, f"{CARD}password/{account.pk}/", password="'quoted'").status_code == 422
    assert post(thabo, f"{CARD}password/{account.pk}/").status_code == 204


def test_a_change_is_planned_shows_what_it_means_and_is_withdrawn(alice, johan):
    account, faster = make_account(alice), make_package("20Mb/s", price="604.00")
    day = timezone.localdate().replace(day=1) + timedelta(days=40)
    ask = {"account": account.pk, "package": faster.pk, "takes_effect_on": str(day)}
    means = text_of(johan.get("/data-accounts/changes/preview/", ask))
    assert "R 454.00 → <b>R 604.00</b>" in means
    assert "(+R 150.00)" in means
    assert "Choose a package" in text_of(
        johan.get("/data-accounts/changes/preview/", {"account": account.pk})
    )

    said = toast(post(johan, f"{CHANGES}add/", **ask, reason="Asked by mail"))
    assert said == f"The change to 20Mb/s is planned for {day}."
    card = text_of(johan.get(CHANGES))
    assert "10Mb/s Uncapped → 20Mb/s" in card
    assert "Asked by mail · Johan" in card
    assert "1 change" in text_of(johan.get(CARD))
    change = PackageChange.objects.get()
    assert post(johan, f"{CHANGES}withdraw/{change.pk}/").status_code == 204
    assert "Withdrawn by Johan" in text_of(johan.get(CHANGES))
    assert "1 change" not in text_of(johan.get(CARD))


def test_the_switch_to_prepaid_is_such_a_change_and_so_is_the_way_back(alice, johan):
    account = make_account(alice)
    assert "Switch to Prepaid" in text_of(johan.get(CARD))
    day = str(timezone.localdate())
    post(johan, f"{CARD}switch/{account.pk}/", takes_effect_on=day, reason="Uses it at weekends")
    account.refresh_from_db()
    assert (account.prepaid, account.changes.get().reason) == (True, "Uses it at weekends")
    card = text_of(johan.get(CARD))
    assert "Switch to Monthly" in card
    assert "by bundles" in card


def test_banners_tell_what_is_reduced_suspended_and_offline(alice, johan):
    nas = make_nas()
    capped = datetime(2018, 8, 20, tzinfo=UTC)
    slow = make_package("Slow", down_kbit=512, up_kbit=512)
    limited = make_package("20 GB", allowance=20 * GB, once_capped=slow)
    reduced = make_account(alice, "reduced", limited, capped_at=capped)
    make_session(reduced, nas)
    make_account(alice, "suspended", state="suspended")
    away = make_account(alice, "away")
    make_session(away, nas, "2", stopped_at=datetime(2018, 8, 22, 12, tzinfo=UTC))
    make_account(alice, "new")
    page = text_of(johan.get("/customers/ALI001/"))
    assert "Data account reduced reduced" in page
    assert "Data account suspended suspended" in page
    assert "Data account away offline since 2018-08-22 14:00" in page
    assert "Data account new" not in page


def test_a_cancellation_is_withdrawn_on_the_card(alice):
    thabo = client_of(in_role("Thabo", "manager"))
    account = make_account(alice)
    later = str(timezone.localdate() + timedelta(days=9))
    post(thabo, f"{CARD}cancel/", accounts=[account.pk], last_day=later, reason="Moves")
    assert "Withdraw the cancellation" in text_of(thabo.get(CARD))
    post(thabo, f"{CARD}keep/{account.pk}/")
    account.refresh_from_db()
    assert account.ends_on is None


def test_a_checked_customers_account_can_be_active_from_the_start(alice, johan):
    make_checked(alice)
    package = make_package()
    day = str(date(2018, 9, 1))
    added = post(johan, f"{CARD}add/", username="alice", package=package.pk, starts_on=day, activate="on")
    assert toast(added) == "alice is added and is active."


def test_nobody_gives_an_account_a_price_of_its_own_without_that_right(alice, johan):
    bigger = make_package("100Mb/s", price="2000.00")
    day = str(timezone.localdate())
    assert 'name="price"' not in text_of(johan.get(f"{CARD}add/"))
    post(johan, f"{CARD}add/", username="alice", package=bigger.pk, starts_on=day, price="1.00")
    cheap = make_account(alice, "alice-2", price=Decimal("1.00"))
    asked = {"package": bigger.pk, "takes_effect_on": day, "reason": "Asked", "price": "1.00"}
    assert post(johan, f"{CHANGES}add/", account=cheap.pk, keeps_price="on", **asked).status_code == 204
    back = make_account(alice, "alice-3", prepaid=True)
    assert post(johan, f"{CARD}switch/{back.pk}/", keeps_price="on", **asked).status_code == 204
    change = PackageChange.objects.get(account=cheap)
    assert (change.price, change.keeps_price) == (None, False)
    assert list(cheap.prices.order_by("starts_on").values_list("amount", flat=True)) == [
        Decimal("1.00"),
        None,
    ]
    named = DataAccount.objects.filter(username__in=["alice", "alice-3"], prices__amount__isnull=False)
    assert DataAccount.objects.filter(username="alice").exists()
    assert not named.exists()

    thabo = client_of(in_role("Thabo", "manager"))
    post(thabo, f"{CARD}add/", username="alice-4", package=bigger.pk, starts_on=day, price="1.00")
    assert DataAccount.objects.get(username="alice-4").prices.get().amount == Decimal("1.00")


@pytest.mark.parametrize("day", ["0018-08-22", "9999-12-31"])
def test_a_day_that_a_slip_of_the_finger_makes_is_refused(alice, day):
    thabo, package = client_of(in_role("Thabo", "manager")), make_package("20Mb/s")
    make_checked(alice)
    account, prepaid = make_account(alice), make_account(alice, "alice-2", prepaid=True)
    asked = {"account": account.pk, "package": package.pk, "takes_effect_on": day, "reason": "Slip"}
    for url, data in (
        (f"{CARD}add/", {"username": "alice", "package": package.pk, "starts_on": day}),
        (f"{CARD}cancel/", {"accounts": [account.pk], "last_day": day, "reason": "Slip"}),
        (f"{CARD}price/{account.pk}/", {"amount": "1.00", "starts_on": day}),
        (f"{CARD}edit/{prepaid.pk}/", {"username": "alice-2", "expires_at": day}),
        (f"{CHANGES}add/", asked),
    ):
        refused = post(thabo, url, **data)
        assert refused.status_code == 422, url
        assert "Give a day between" in text_of(refused)
    assert thabo.get("/data-accounts/changes/preview/", asked).status_code == 200


def test_the_last_prepaid_day_moves_by_who_may_give_service_free(alice):
    prepaid = make_account(alice, "alice-2", prepaid=True)
    url, later = f"{CARD}edit/{prepaid.pk}/", {"username": "alice-2", "expires_at": "2099-12-31"}
    assert post(client_of(in_role("Tom", "technician")), url, **later).status_code == 204
    prepaid.refresh_from_db()
    assert prepaid.expires_at.year == 2100
    assert post(client_of(in_role("Mary", "manager")), url, **later).status_code == 204
    prepaid.refresh_from_db()
    assert prepaid.expires_at.year == 2099
