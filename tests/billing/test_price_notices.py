"""The screen of price rises: who was told, who was not, and telling them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import Line, PriceNotice
from billing.services import charging, recurring
from herotill.messages.models import Message
from herotill.months import Month
from tests.factories import client_of, make_customer, make_person
from tests.factories.calls import make_line, make_voice_package
from tests.factories.products import make_price, make_product

pytestmark = pytest.mark.django_db
SEES, SENDS = "billing.view_pricenotice", "billing.send_price_notices"


@pytest.fixture
def rise():
    """Alice and Bob pay more from the month after next; Carol's price is fixed."""
    today = timezone.localdate()
    product = make_product("UNC10", "454.00", name="Home Uncapped")
    for name in ("Alice Liddel", "Bob Hatter", "Carol White"):
        new = recurring.NewItem(product=product, starts_on=Month.of(today).first)
        item = recurring.add(customer=make_customer(name), new=new, actor=None)
        if name == "Carol White":
            item.fixed_until = today + timedelta(days=400)
            item.save()
    return make_price(product, "500.00", Month.of(today).plus(2).first)


def test_s28_thandi_sends_the_notices_and_sees_who_was_told(rise):
    thandi = client_of(make_person("Thandi", SEES, SENDS))
    page = thandi.get("/billing/price-rises/").content.decode()
    assert "Home Uncapped" in page
    assert "Send notices to 2 customers" in page
    dialog = thandi.get(f"/billing/price-rises/{rise.pk}/send/").content.decode()
    assert "2 customers get this mail" in dialog
    assert "{new}" in dialog

    answer = thandi.post(f"/billing/price-rises/{rise.pk}/send/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/billing/price-rises/{rise.pk}/"
    assert (Message.objects.count(), PriceNotice.objects.count()) == (2, 2)
    page = thandi.get(f"/billing/price-rises/{rise.pk}/").content.decode()
    assert page.count("On its way</span>") == 2
    assert "Fixed price</span>" in page
    assert "Everybody was told." in thandi.get(f"/billing/price-rises/{rise.pk}/send/").content.decode()


def test_s28_a_rise_of_an_items_own_price_is_announced_with_the_others(rise):
    thandi = client_of(make_person("Thandi", SEES, SENDS))
    dora = make_customer("Dora Duck")
    new = recurring.NewItem(product=rise.product, starts_on=timezone.localdate(), price=Decimal(400))
    item = recurring.add(customer=dora, new=new, actor=None)
    recurring.set_price(item=item, amount=Decimal(420), starts_on=rise.starts_on, agreed=False, actor=None)
    page = thandi.get("/billing/price-rises/").content.decode()
    assert "R 400.00 → R 420.00" in page
    assert "Not told" in page
    thandi.post("/billing/price-rises/own/send/", headers={"HX-Request": "true"})
    assert Message.objects.get().context["new"] == "R 420.00"


def test_eve_sees_and_sends_nothing_and_dora_does_not_see(rise):
    eve, dora = (
        client_of(make_person("Eve", SEES)),
        client_of(make_person("Dora", "customers.view_customer")),
    )
    assert "Send notices" not in eve.get("/billing/price-rises/").content.decode()
    for where in ("own/send/", f"{rise.pk}/send/"):
        assert eve.post(f"/billing/price-rises/{where}").status_code == 403
    for where in ("", f"{rise.pk}/"):
        assert dora.get(f"/billing/price-rises/{where}").status_code == 403
    assert not Message.objects.exists()


def test_s28_a_voice_line_at_the_lists_price_is_announced_and_then_costs_it(rise):
    today = timezone.localdate()
    package = make_voice_package("Voice", product=rise.product)
    own = {"package": package, "starts_on": Month.of(today).first}
    erin = make_line("27871110001", customer="ERI001", **own)
    agreed = make_line("27871110002", customer="FRA001", rental="80.00", **own)
    make_line("27871110003", customer="GIN001", state="waiting", **own)
    assert (
        "Send notices to 3 customers"
        in client_of(make_person("Thandi", SEES, SENDS)).get("/billing/price-rises/").content.decode()
    )
    PriceNotice.objects.create(customer=erin.customer, price=rise, queued_at=timezone.now(), sent_on=today)
    month = Month.of(rise.starts_on)
    for line, cost in ((erin, Decimal(500)), (agreed, Decimal(80))):
        charging.generate(customers=[line.customer_id], month=month)
        found = Line.objects.get(customer=line.customer_id, period=month.first)
        assert found.unit_price == cost
