"""What a line names is there and stays: as strict as foreign keys, asked of all lines of a statement at once."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
from django.db import IntegrityError, connection, connections, transaction

from billing.models import Document, Line
from billing.selectors.verifying import verify
from herotill.bulk import copy_rows
from tests.factories import make_customer
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.money]
TODAY = date(2018, 9, 1)


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def said_by_the_database(sql, values=()):
    """Do what SQL says, deferred checks and all; the name of the rule that refuses it."""
    with pytest.raises(IntegrityError) as no, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, values)
    return no.value.__cause__.diag.constraint_name


NAMING = [
    ("product_id", "line_names_product"),
    ("customer_id", "line_names_customer"),
    ("for_customer_id", "line_names_customer"),
    ("document_id", "line_names_document"),
    ("settles_id", "line_names_document"),
    ("credits_id", "line_names_line"),
]
ONE_LINE = """
    INSERT INTO billing_line (customer_id, text, quantity, unit_price, discount, includes_vat, vat_class, vat_rate, excl,
        vat, incl) SELECT id, 'Fibre', 1, 1, 0, true, 'zero', 0, 1, 0, 1 FROM customers_customer WHERE code = 'ALI001'
"""


def deletion(table):
    """The SQL that deletes one of a table, with the parts without which a customer cannot be."""
    parts = "WITH a AS (DELETE FROM customers_contact WHERE customer_id = %(id)s),"
    parts += " b AS (DELETE FROM customers_customerbalance WHERE customer_id = %(id)s) "
    return f"{parts if table == 'customers_customer' else ''}DELETE FROM {table} WHERE id = %(id)s"


def ask(sql, values=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(("column", "rule"), NAMING)
def test_a_line_names_what_is_there(alice, column, rule):
    ask(ONE_LINE)
    assert said_by_the_database(f"UPDATE billing_line SET {column} = 999999999") == rule
    columns = "text quantity unit_price discount includes_vat vat_class vat_rate excl vat incl".split()
    row = ("Fibre", 1, 1, 0, True, "zero", 0, 1, 0, 1)
    others = [] if column == "customer_id" else ["customer_id"]
    with pytest.raises(IntegrityError) as no, transaction.atomic():
        copy_rows(
            "billing_line", [*columns, column, *others], [(*row, 999999999, *(alice.pk for _ in others))]
        )
    assert no.value.__cause__.diag.constraint_name == rule
    listed = ", ".join([*columns, column, *others])
    values = ", ".join(["%s"] * (len(columns) + 1 + len(others)))
    insert = f"INSERT INTO billing_line ({listed}) VALUES ({values})"
    assert said_by_the_database(insert, [*row, 999999999, *(alice.pk for _ in others)]) == rule
    assert Line.objects.count() == 1


@pytest.fixture
def named(alice):
    """A line that names something of each; what it names by column, and where that stands."""
    ask(ONE_LINE)
    product, bob = make_product("SPARE", None), make_customer("Bob Hatter", "BOB001")
    credited = Line.objects.get()
    settled, draft = Document.objects.bulk_create(
        Document(kind="invoice", customer=alice, document_date=TODAY, due_date=TODAY) for _ in range(2)
    )
    ask(ONE_LINE)
    of = {
        "product_id": product,
        "for_customer_id": bob,
        "document_id": draft,
        "settles_id": settled,
        "credits_id": credited,
    }
    Line.objects.exclude(pk=credited.pk).update(**{column: one.pk for column, one in of.items()})
    return of


@pytest.mark.parametrize(("column", "rule"), [one for one in NAMING if one[0] != "customer_id"])
def test_what_a_line_names_is_not_deleted(named, column, rule):
    table, key = named[column]._meta.db_table, named[column].pk
    assert said_by_the_database(deletion(table), {"id": key}) == rule
    assert said_by_the_database(f"UPDATE {table} SET id = 999999999 WHERE id = %s", [key]) == rule
    ask(f"UPDATE billing_line SET {column} = NULL WHERE {column} IS NOT NULL")
    ask(deletion(table), {"id": key})
    assert not type(named[column]).objects.filter(pk=key).exists()


@pytest.mark.parametrize("table", ["customers_customer", "reference_product"])
def test_what_lines_name_is_not_emptied(named, table):
    rules = {"line_names_customer", "line_names_product", "kept_whole"}
    assert said_by_the_database(f"TRUNCATE {table} CASCADE") in rules


@pytest.mark.django_db(transaction=True)
def test_who_does_not_see_the_newest_lines_deletes_nothing_that_they_may_name():
    spare = make_product("SPARE", None)
    with pytest.raises(IntegrityError) as no, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("DELETE FROM reference_product WHERE id = %s", [spare.pk])
    assert no.value.__cause__.diag.constraint_name == "line_names_product"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["line", "deletion"])
@pytest.mark.parametrize("table", ["reference_product", "customers_customer", "billing_document"])
def test_of_a_line_and_the_deletion_of_what_it_names_one_comes_to_nothing(alice, table, first):
    product, bob = make_product("SPARE", None), make_customer("Bob Hatter", "BOB001")
    [draft] = Document.objects.bulk_create(
        [Document(kind="invoice", customer=alice, document_date=TODAY, due_date=TODAY)]
    )
    ask(ONE_LINE)
    column, key = {
        "reference_product": ("product_id", product.pk),
        "customers_customer": ("for_customer_id", bob.pk),
        "billing_document": ("document_id", draft.pk),
    }[table]
    deeds = {
        "line": (f"UPDATE billing_line SET {column} = %s", [key]),
        "deletion": (deletion(table), {"id": key}),
    }
    first_is_done, refused = threading.Event(), []

    def do(deed):
        try:
            with transaction.atomic():
                if deed != first:
                    first_is_done.wait(20)
                ask(*deeds[deed])
                first_is_done.set()
                time.sleep(0.4 if deed == first else 0)
        except IntegrityError as no:
            refused.append((deed, no.__cause__.diag.constraint_name))
        finally:
            connections.close_all()

    both = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for one in both:
        one.start()
    for one in both:
        one.join()
    [other] = set(deeds) - {first}
    rule = next(rule for name, rule in NAMING if name == column)
    assert refused == [(other, rule)]


@pytest.mark.parametrize(("column", "rule"), NAMING)
def test_the_check_finds_a_line_that_names_nothing(named, column, rule):
    ask("ALTER TABLE billing_line DISABLE TRIGGER USER")
    ask(f"UPDATE billing_line SET {column} = 999999999 WHERE {column} IS NOT NULL")
    ask("ALTER TABLE billing_line ENABLE TRIGGER USER")
    [found] = [one for one in verify() if one.check == "what lines name"]
    assert found.found == "nothing"
