"""What is owed to the jobs of the books that are kept elsewhere."""

from __future__ import annotations

from decimal import Decimal

from billing.models import BankAccount, BooksAccount, BooksCustomer, BooksOwed, BooksTaxType
from billing.services import books_receipts
from billing.services.books import connecting
from tests.factories.books import connect
from tests.house.killed.people import called, receipts_of
from tests.house.killed.story import Story, World, nothing


def books(world: World) -> None:
    """Connected and known; what all stories so far owe there is left aside."""
    connect()
    books_receipts.look(books=connecting.books(), now=world.now)
    ours = BankAccount.objects.create(name="Sage", source=BankAccount.Source.ACCOUNTING)
    BooksAccount.objects.filter(their_id="1").update(account=ours)
    for code in ("BOO002", "BOO003"):
        BooksCustomer.objects.create(
            customer=called(code), their_id=world.there.sage.add_customer(code, code)
        )
    BooksOwed.objects.all().delete()
    called("BOO001")


def there_as(world: World, code: str) -> int:
    """How often a customer stands in the books."""
    names = [row["Name"] for row in world.there.sage.ledger.rows["Customer"].values()]
    return names.count(f"{code.title()} Liddel")


def pay(world: World, code: str) -> None:
    their_id = BooksCustomer.objects.get(customer__code=code).their_id
    world.there.sage.add_receipt(their_id, Decimal("454.00"), world.today, reference=code)


def forget_taxes(world: World) -> None:
    BooksTaxType.objects.all().delete()


def ten_minutes_later(world: World) -> None:
    """Whoever was sending is taken as gone."""
    BooksOwed.objects.filter(state="sending").update(next_try_at=world.now)


STORIES = {
    "books-push": Story(
        nothing,
        lambda world: (there_as(world, "BOO001"), BooksOwed.objects.filter(customer__code="BOO001").count()),
        (1, 0),
        at='INSERT INTO "billing_bookscustomer"',
        before=True,
        comes=books,
        passes=ten_minutes_later,
    ),
    "books-receipts": Story(
        nothing, lambda world: receipts_of("BOO002"), ["454.00"], comes=lambda world: pay(world, "BOO002")
    ),
    "books-receipts-whole": Story(
        nothing, lambda world: receipts_of("BOO003"), ["454.00"], comes=lambda world: pay(world, "BOO003")
    ),
    "books-set-up": Story(nothing, lambda world: BooksTaxType.objects.exists(), True, comes=forget_taxes),
}
