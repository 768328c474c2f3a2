"""Vouchers: made, printed, redeemed once, withdrawn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import connection
from pypdf import PdfReader

from dataaccounts.models import DataAccount, Package, Topping, ToppingOffer, Voucher, VoucherBatch
from dataaccounts.policies import voucher_codes
from dataaccounts.services import vouchers
from herotill.errors import DomainError
from herotill.models import Export
from herotill.secrets import decrypt
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import GB, make_account, make_package
from tests.factories.products import make_product

NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
TILL = date(2018, 12, 31)


def batch(count: int = 3, expires_on: date = TILL, package: Package | None = None) -> VoucherBatch:
    offer = ToppingOffer.objects.create(
        name="1 GB, 7 days", kind="bundle", octets=GB, days=7, product=make_product("HOT1", "20.00")
    )
    return vouchers.make(
        name="Café",
        package=package or make_package("Hotspot"),
        offer=offer,
        count=count,
        expires_on=expires_on,
        actor=None,
        now=NOW,
    )


def code_of(voucher: Voucher) -> str:
    return decrypt(voucher.code.token)


def guest(made: VoucherBatch, username: str = "guest@isp.example") -> DataAccount:
    customer = make_customer()
    return make_account(customer, username=username, package=made.package, prepaid=True, expires_at=NOW)


@pytest.mark.django_db
class TestRedeeming:
    def test_a_code_gives_its_bundle_however_it_is_typed(self) -> None:
        made = batch()
        account, voucher = guest(made), made.vouchers.get(number=2)
        typed = f" {voucher_codes.grouped(code_of(voucher)).lower()} "
        topping = vouchers.redeem(code=typed, account=account, actor=None, now=NOW)
        account.refresh_from_db()
        voucher.refresh_from_db()
        assert account.expires_at == datetime(2018, 8, 29, 10, tzinfo=UTC)
        assert (voucher.topping, voucher.account, topping.octets) == (topping, account, GB)
        assert topping.document == f"Voucher {made.pk}-2"

    def test_a_second_time_it_gives_nothing(self) -> None:
        made = batch()
        account, code = guest(made), code_of(made.vouchers.first())
        vouchers.redeem(code=code, account=account, actor=None, now=NOW)
        with pytest.raises(DomainError, match="used already"):
            vouchers.redeem(code=code, account=account, actor=None, now=NOW)
        assert Topping.objects.count() == 1

    @pytest.mark.parametrize("spoilt", ["unknown", "expired", "withdrawn"])
    def test_what_is_no_good_gives_nothing(self, spoilt: str) -> None:
        made = batch()
        code, now = code_of(made.vouchers.first()), NOW
        if spoilt == "unknown":
            code = "AAAA-AAAA-AAAA"
        elif spoilt == "expired":
            now = datetime(2018, 12, 31, 22, 1, tzinfo=UTC)  # a minute into the new year here
        else:
            vouchers.withdraw(batch=made, now=NOW)
        with pytest.raises(DomainError, match="no longer good"):
            vouchers.redeem(code=code, account=guest(made), actor=None, now=now)
        assert not Voucher.objects.exclude(redeemed_at=None).exists()

    def test_on_an_account_of_another_kind_it_stays_good(self) -> None:
        made = batch()
        voucher, monthly = made.vouchers.first(), make_account(make_customer(), package=made.package)
        with pytest.raises(DomainError, match="takes a topping"):
            with_code = {"code": code_of(voucher), "actor": None, "now": NOW}
            vouchers.redeem(account=monthly, **with_code)
        with pytest.raises(DomainError, match="This voucher is for Hotspot"):
            other = make_account(make_customer(), username="o@isp.example", package=make_package("Other"))
            vouchers.redeem(account=other, **with_code)
        voucher.refresh_from_db()
        assert voucher.redeemed_at is None


@pytest.mark.django_db(transaction=True)
def test_s17_of_twenty_who_try_at_once_one_succeeds() -> None:
    made = batch(count=1)
    code = code_of(made.vouchers.get())
    accounts = [guest(made, f"guest{number}@isp.example") for number in range(20)]

    def attempt(account: DataAccount) -> bool:
        try:
            vouchers.redeem(code=code, account=account, actor=None, now=NOW)
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as crowd:
        outcome = list(crowd.map(attempt, accounts))
    assert sum(outcome) == 1
    assert Topping.objects.count() == 1


@pytest.mark.django_db
class TestBatches:
    def test_codes_are_many_different_and_nowhere_in_clear(self) -> None:
        made = batch(count=200)
        codes = {code_of(one) for one in made.vouchers.all()}
        assert len(codes) == 200
        assert all(set(code) <= set(voucher_codes.ALPHABET) for code in codes)
        with connection.cursor() as cursor:
            cursor.execute("SELECT dataaccounts_voucher::text FROM dataaccounts_voucher")
            stored = "".join(row for (row,) in cursor.fetchall())
        assert not any(code in stored for code in codes)

    @pytest.mark.parametrize(("count", "field"), [(0, "count"), (5001, "count")])
    def test_neither_none_nor_too_many(self, count: int, field: str) -> None:
        with pytest.raises(DomainError) as no:
            batch(count=count)
        assert no.value.field == field

    def test_a_day_that_has_gone_by_is_refused(self) -> None:
        with pytest.raises(DomainError, match="gone by"):
            batch(expires_on=date(2018, 8, 21))


@pytest.mark.django_db
class TestDesk:
    def test_the_boss_makes_prints_and_withdraws(self) -> None:
        rights = ("view_voucherbatch", "add_voucherbatch", "change_voucherbatch", "print_vouchers")
        boss = client_of(make_person("Boss", *(f"dataaccounts.{right}" for right in rights)))
        made = batch(count=30)
        assert "Café" in boss.get("/data-accounts/vouchers/").content.decode()
        assert "0 of 30" in boss.get(f"/data-accounts/vouchers/{made.pk}/").content.decode()
        sheet = boss.post(f"/data-accounts/vouchers/{made.pk}/sheet/")
        pages = PdfReader(BytesIO(sheet.content)).pages
        assert len(pages) == 2
        assert voucher_codes.grouped(code_of(made.vouchers.get(number=1))) in pages[0].extract_text()
        assert Export.objects.get(list_name="vouchers").rows == 30
        boss.post(f"/data-accounts/vouchers/{made.pk}/withdraw/")
        made.refresh_from_db()
        assert made.withdrawn_at

    def test_a_batch_is_made_in_a_dialog_that_says_what_is_wrong(self) -> None:
        boss = client_of(
            make_person("Boss", "dataaccounts.add_voucherbatch", "dataaccounts.view_voucherbatch")
        )
        made = batch()
        typed = {"name": "Beach", "package": made.package_id, "offer": made.offer_id, "count": "9999"}
        wrong = boss.post("/data-accounts/vouchers/new/", typed | {"expires_on": "2099-01-31"})
        assert wrong.status_code == 422
        assert "From 1 to 5,000 at once." in wrong.content.decode()
        boss.post("/data-accounts/vouchers/new/", typed | {"expires_on": "2099-01-31", "count": "12"})
        assert VoucherBatch.objects.get(name="Beach").vouchers.count() == 12

    def test_sue_redeems_one_on_the_card_and_dora_does_not(self) -> None:
        made = batch(expires_on=date(2099, 12, 31))
        account = guest(made)
        url = f"/customers/{account.customer.code}/widgets/data-toppings/redeem/"
        see = ("customers.view_customer", "dataaccounts.view_topping")
        code = code_of(made.vouchers.first())
        assert client_of(make_person("Dora", *see)).post(url, {"code": code}).status_code == 403
        sue = client_of(make_person("Sue", *see, "dataaccounts.redeem_voucher"))
        wrong = sue.post(url, {"account": account.pk, "code": "nonsense"}, headers={"HX-Request": "true"})
        assert "not known, used already" in wrong.content.decode()
        right = sue.post(url, {"account": account.pk, "code": code}, headers={"HX-Request": "true"})
        assert right.status_code == 204
        assert Topping.objects.get().account == account
