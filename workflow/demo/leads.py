"""Leads of the demo: people who asked for a connection, in every list of the workflow, with the way they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from customers.demo.names import FIRST_NAMES, STREETS, SURNAMES, TOWNS, TRADES
from customers.models import BillingGroup, Customer, CustomerGroup
from customers.services import customers
from customers.services.customers import NewAddress, NewContact, NewCustomer
from herotill.demo import DemoOrder
from herotill.folding import fold
from herotill.users.models import User
from workflow.models import WITH_CUSTOMER, Area, Lead, LostReason, Move, Place, Source
from workflow.policies import way
from workflow.selectors import waiting

# How many wait in each list, and how many ended.
MANY = {
    "lead-new": 7,
    "lead-worked": 6,
    "survey-new": 4,
    "survey-scheduled": 3,
    "survey-done": 3,
    "quote-new": 4,
    "quote-sent": 6,
    "quote-declined": 2,
    "customer-new": 4,
    "customer-active": 3,
    "job-new": 3,
    "job-scheduled": 4,
    "job-started": 1,
    "job-failed": 2,
    "invoice-new": 2,
    "won": 14,
    "lost": 9,
}
# The lists most leads pass on their way; declined and failed are detours.
USUAL = tuple(place for place in way.WAY if place not in ("quote-declined", "job-failed"))
# Where towns lie, so that some leads have coordinates; south and east, in degrees.
WHERE = {
    "Parys": ("-26.9033", "27.4570"),
    "Howick": ("-29.4779", "30.2290"),
    "Oudtshoorn": ("-33.5920", "22.2010"),
    "Bethlehem": ("-28.2308", "28.3071"),
    "Graaff-Reinet": ("-32.2522", "24.5308"),
    "Swellendam": ("-34.0226", "20.4417"),
}
WANTS = (
    "Fast enough for two who work from home.",
    "Uncapped, at least 20 Mbit/s, and a telephone line.",
    "The farm has no fibre; the tower on the koppie is in sight.",
    "Moves here at the end of the month.",
    "Internet for the guest house, six rooms and a restaurant.",
    "Is not happy with the present provider; the contract ends soon.",
    "A camera at the gate and Wi-Fi in the cottage.",
    "",
)
ACTIONS = (
    "Call back",
    "Send coverage map",
    "Ask the landlord about the roof",
    "Call after 17:00",
    "Follow up",
)
NOT_OURS = ("Karoo Poort", "Sutherland", "Loeriesfontein")


def make_leads(order: DemoOrder) -> None:
    """Sixty leads and more over all lists, with the moves they made; does nothing where there are some."""
    if Lead.objects.exists():
        return
    now = order.moment
    with transaction.atomic():
        _areas()
        number = _Office(Random(f"{order.seed} leads"), now).open()
    waiting.changed()
    order.say(f"{number} leads")


def _areas() -> None:
    """The towns as areas, and one that is not covered."""
    Area.objects.bulk_create(
        [Area(name=town, towns="\n".join((town, *suburbs))) for town, _, suburbs in TOWNS],
        ignore_conflicts=True,
    )
    far = Area(name="Great Karoo", towns="\n".join(NOT_OURS), covered=False)
    Area.objects.bulk_create([far], ignore_conflicts=True)


class _Office:
    """The people of sales and what came in."""

    def __init__(self, chance: Random, now: datetime) -> None:
        self.chance, self.now = chance, now
        self.areas = {area.name: area for area in Area.objects.all()}
        self.sources = list(Source.objects.all())
        self.reasons = list(LostReason.objects.all())
        found = User.objects.filter(username__in=("sales", "manager", "support")).order_by("-username")
        self.people: list[User | None] = [*found] or [None]
        joined = Customer.objects.filter(status=Customer.Status.ACTIVE, is_reseller=False, master=None)
        complete = joined.exclude(payment_method="").exclude(contact_phone="").order_by("-pk")
        self.customers = iter(list(complete[: sum(MANY.values())]))

    def open(self) -> int:
        for place, many in MANY.items():
            for number in range(many):
                self.come(place, number)
        return Lead.objects.count()

    def come(self, place: str, number: int) -> None:
        """One lead, captured some time ago, who went from list to list until it came here."""
        stops = list(self.way_to(place))
        stays = [self.chance.triangular(0.1, 5, 0.6) for _ in stops]
        waits = self.chance.triangular(0, 24, 2) if place != Place.WON else self.chance.uniform(1, 150)
        stays[-1] = waits if number else 0.1
        at = self.now - timedelta(days=sum(stays))
        moves = []
        owner = self.chance.choice(self.people)
        lead = self.person(place, at, owner)
        was, since = "", None
        for stop, stay in zip(stops, stays, strict=True):
            moves.append(Move(lead=lead, from_step=was, to_step=stop, since=since, at=at, by=owner))
            was, since, at = stop, at, at + timedelta(days=stay)
        lead.step_since = since or at
        lead.save()
        Move.objects.bulk_create(moves)

    def way_to(self, place: str) -> Iterator[str]:
        """The lists a lead came through; some need no survey."""
        if place == Place.LOST:
            end = self.chance.choice(
                ("lead-new", "lead-worked", "survey-done", "quote-sent", "quote-declined")
            )
            yield from self.way_to(end)
        elif place == Place.QUOTE_DECLINED:
            yield from self.way_to(Place.QUOTE_SENT)
        elif place == Place.JOB_FAILED:
            yield from self.way_to(Place.JOB_SCHEDULED)
        else:
            surveyed = self.chance.random() < 0.6 or place.startswith("survey")
            for stop in USUAL[: USUAL.index(place)]:
                if surveyed or not stop.startswith("survey"):
                    yield stop
        yield place

    def person(self, place: str, at: datetime, owner: User | None) -> Lead:
        """Who it is: a customer of ours where they were won, somebody new otherwise."""
        lead = self.of_customer() if place == Place.WON else self.newcomer()
        lead.step_id, lead.step_since, lead.created_at = place, self.now, at
        lead.owner = owner if place != Place.LEAD_NEW or self.chance.random() < 0.4 else None
        lead.source = self.chance.choice(self.sources)
        lead.wants = self.chance.choice(WANTS)
        if place == Place.LEAD_NEW and self.chance.random() < 0.4:
            lead.email = ""
        if lead.source.name == "Sign-up form":
            lead.origin, lead.marketing = Lead.Origin.FORM, self.chance.random() < 0.5
        if place == Place.LOST:
            lead.lost_reason = self.chance.choice(self.reasons)
        elif place != Place.WON and self.chance.random() < 0.5:
            lead.next_action = self.chance.choice(ACTIONS)
            lead.next_action_on = (self.now + timedelta(days=self.chance.randrange(-3, 9))).date()
        if place in WITH_CUSTOMER and lead.customer is None:
            pays = "" if place == Place.CUSTOMER_ACTIVE else self.chance.choice(("eft", "debit_order"))
            lead.customer = _profile(lead, pays)
        return lead

    def newcomer(self) -> Lead:
        first, last = self.chance.choice(FIRST_NAMES), self.chance.choice(SURNAMES)
        town, code, suburbs = self.chance.choice(TOWNS)
        company = self.chance.random() < 0.15
        network = self.chance.choice(("82", "83", "72", "73", "61", "79"))
        mail = f"{fold(first)}.{fold(last).replace(' ', '')}{self.chance.randrange(1, 999)}@posduif.example"
        lead = Lead(
            kind=Lead.Kind.COMPANY if company else Lead.Kind.INDIVIDUAL,
            company_name=f"{last} {self.chance.choice(TRADES)}" if company else "",
            first_names="" if company else first,
            surname="" if company else last,
            contact_name=f"{first} {last}",
            email=mail,
            phone=f"+27{network}000{self.chance.randrange(10000):04d}",
            lines=f"{self.chance.randrange(1, 190)} {self.chance.choice(STREETS)} Street",
            suburb=self.chance.choice(suburbs),
            town=town,
            postal_code=code,
            area=self.areas.get(town),
        )
        if place := WHERE.get(town):
            lead.latitude, lead.longitude = (self.near(degrees) for degrees in place)
        return lead

    def near(self, degrees: str) -> Decimal:
        """Within a kilometre or two."""
        return Decimal(degrees) + Decimal(self.chance.randrange(-15000, 15000)) / 1_000_000

    def of_customer(self) -> Lead:
        """A customer of ours, as they were before."""
        customer = next(self.customers, None)
        if customer is None:
            lead = self.newcomer()
            lead.customer = _profile(lead, "eft")
            return lead
        address = customer.addresses.first()
        town = address.town if address else ""
        return Lead(
            kind=customer.kind,
            company_name=customer.company_name,
            first_names=customer.first_names,
            surname=customer.surname,
            contact_name=customer.contact_name,
            email=customer.contact_email,
            phone=customer.contact_phone,
            lines=address.lines if address else "",
            suburb=address.suburb if address else "",
            town=town,
            postal_code=address.postal_code if address else "",
            area=self.areas.get(town),
            customer=customer,
        )


def _profile(lead: Lead, payment_method: str) -> Customer:
    """The customer that a lead became."""
    letters = customers.letters(
        kind=lead.kind,
        company_name=lead.company_name,
        first_names=lead.first_names,
        surname=lead.surname,
    )
    names = ("kind", "company_name", "first_names", "surname")
    belongs = {
        "group_id": CustomerGroup.objects.get(is_default=True).pk,
        "billing_group_id": BillingGroup.objects.order_by("pk").values_list("pk", flat=True).first(),
        "payment_method": payment_method,
    }
    return customers.create(
        new=NewCustomer(
            code=customers.free_code(letters=letters),
            fields={name: getattr(lead, name) for name in names} | belongs,
            contact=NewContact(name=lead.contact_name, email=lead.email, phone=lead.phone),
            addresses=(
                NewAddress(
                    kind="physical",
                    lines=lead.lines,
                    suburb=lead.suburb,
                    town=lead.town,
                    postal_code=lead.postal_code,
                ),
            ),
        ),
        actor=None,
    )
