"""What a line names is asked of all lines of a statement at once; as foreign keys it was an eighth of a billing run's work.

As strict as foreign keys: what is named is held against deletion until the transaction ends, whoever deletes what
a line names is refused, and keys stay.
"""

import django.db.models.deletion
from django.db import migrations, models

# What a line names: the rule, the table, the columns.
NAMED = (
    ("line_names_customer", "customers_customer", ("customer_id", "for_customer_id")),
    ("line_names_product", "reference_product", ("product_id",)),
    ("line_names_document", "billing_document", ("document_id", "settles_id")),
    ("line_names_line", "billing_line", ("credits_id",)),
)


def ids(table, columns):
    """What a transition table names of one parent, each once."""
    return " UNION ".join(
        f"SELECT DISTINCT {column} AS id FROM {table} WHERE {column} IS NOT NULL" for column in columns
    )


# Held by FOR KEY SHARE, as a foreign key does it, in the order of ids; but for what this transaction has itself just
# written, which nobody else can delete. By the key, one after the other: a plan is kept for few lines and for many.
ASK = """
    SELECT n.id INTO missing FROM (SELECT id FROM ({named}) every ORDER BY id) n
    LEFT JOIN LATERAL (SELECT p.id FROM {parent} p WHERE p.id = n.id AND p.xmin <> me FOR KEY SHARE) held ON true
    WHERE held.id IS NULL AND (SELECT p.xmin FROM {parent} p WHERE p.id = n.id) IS DISTINCT FROM me LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A line names % of {parent}, which is not there.', missing
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{rule}';
    END IF;"""

ADDED = "\n".join(
    ASK.format(rule=rule, parent=parent, named=ids("added", columns)) for rule, parent, columns in NAMED
)
# What a line of before named stands for as long as its change has not been committed.
CHANGED = "\n".join(
    ASK.format(rule=rule, parent=parent, named=f"({ids('added', columns)}) EXCEPT ({ids('gone', columns)})")
    for rule, parent, columns in NAMED
)
FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    me constant xid := pg_current_xact_id()::xid;
    missing bigint;
BEGIN
{body}
    RETURN NULL;
END $$;
"""
LINES = f"""
{FUNCTION.format(name="billing_lines_added_refer", body=ADDED)}
{FUNCTION.format(name="billing_lines_changed_refer", body=CHANGED)}
CREATE TRIGGER refers_insert AFTER INSERT ON billing_line
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_lines_added_refer();
CREATE TRIGGER refers_update AFTER UPDATE ON billing_line
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION billing_lines_changed_refer();
"""

# A line committed after the moment that REPEATABLE READ sees would be overlooked; foreign keys look at now.
REFUSAL = """
    IF current_setting('transaction_isolation') <> 'read committed' AND {any} THEN
        RAISE EXCEPTION 'What lines may name is deleted in READ COMMITTED alone.'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{rule}';
    END IF;
    IF {named} THEN
        RAISE EXCEPTION 'A line names what is to be deleted of {parent}.'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{rule}';
    END IF;
    RETURN NULL;"""
STAYS = """
CREATE FUNCTION billing_{rule}_still() RETURNS trigger LANGUAGE plpgsql{how} AS $$
BEGIN{refusal}
END $$;
{trigger} EXECUTE FUNCTION billing_{rule}_still();
CREATE TRIGGER lines_refer_key BEFORE UPDATE OF id ON {parent} FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('{rule}', 'Lines may name it; its key stays.');
"""
BY_STATEMENT = """CREATE TRIGGER lines_refer_delete AFTER DELETE ON {parent}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT"""
AT_COMMIT = """CREATE CONSTRAINT TRIGGER lines_refer_delete AFTER DELETE ON {parent}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"""
# How it is asked whether a line names what is deleted, and when. Of customers and products there is no index: all
# lines are read once, however many are deleted. A document may go before its lines, as long as they go with it.
ALL_LINES = ("EXISTS (SELECT FROM billing_line WHERE {} IN (SELECT id FROM gone))", BY_STATEMENT)
BY_INDEX = (
    "EXISTS (SELECT FROM gone g CROSS JOIN LATERAL (SELECT FROM billing_line WHERE {} = g.id LIMIT 1) l)",
    BY_STATEMENT,
)
ITS_LINES = ("EXISTS (SELECT FROM billing_line WHERE {} = OLD.id)", AT_COMMIT)
WAYS = {"billing_document": ITS_LINES, "billing_line": BY_INDEX}


def stays(rule, parent, columns):
    """What refuses to delete a parent, or to change its key."""
    look, trigger = WAYS.get(parent, ALL_LINES)
    named = " OR ".join(look.format(column) for column in columns)
    some = "true" if trigger == AT_COMMIT else "EXISTS (SELECT FROM gone)"
    return STAYS.format(
        rule=rule,
        parent=parent,
        how=" SET enable_nestloop = off" if look == ALL_LINES[0] else "",
        refusal=REFUSAL.format(rule=rule, parent=parent, named=named, any=some),
        trigger=trigger.format(parent=parent),
    )


# TRUNCATE of a table that a foreign key points at is refused as well. Documents and lines have such a rule already.
EMPTIED = """
CREATE FUNCTION billing_named_by_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM billing_line) THEN
        RAISE EXCEPTION 'Lines name what is to be emptied.'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_ARGV[0];
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_refer_truncate BEFORE TRUNCATE ON customers_customer FOR EACH STATEMENT
    EXECUTE FUNCTION billing_named_by_lines('line_names_customer');
CREATE TRIGGER lines_refer_truncate BEFORE TRUNCATE ON reference_product FOR EACH STATEMENT
    EXECUTE FUNCTION billing_named_by_lines('line_names_product');
"""
FUNCTIONS = (
    "billing_lines_added_refer",
    "billing_lines_changed_refer",
    "billing_named_by_lines",
    *(f"billing_{rule}_still" for rule, _, _ in NAMED),
)
# The rules read the tables they mean, whatever temporary table or search path a session has, as in 0014.
PATHS = f"""
DO $$
DECLARE
    rule text;
BEGIN
    FOREACH rule IN ARRAY '{{{",".join(FUNCTIONS)}}}'::text[] LOOP
        EXECUTE format('ALTER FUNCTION %I() SET search_path = pg_catalog, %I, pg_temp', rule, current_schema());
    END LOOP;
END $$;
"""
BACK = "\n".join(f"DROP FUNCTION {name} CASCADE;" for name in FUNCTIONS) + "\n".join(
    f"DROP TRIGGER lines_refer_key ON {parent};" for _, parent, _ in NAMED
)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0025_days_of_runs"),
        ("customers", "0007_doubts"),
        ("reference", "0006_product_imports"),
    ]
    operations = [
        migrations.AlterField(
            model_name="line",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="billing.document",
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="for_customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                db_constraint=False,
                db_index=False,
                help_text="The sub-account it is for, where its master is billed.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reference.product",
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="credits",
            field=models.ForeignKey(
                blank=True,
                null=True,
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.line",
            ),
        ),
        migrations.AlterField(
            model_name="line",
            name="settles",
            field=models.ForeignKey(
                blank=True,
                null=True,
                db_constraint=False,
                db_index=False,
                help_text="The document that a write-off's line names.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.document",
            ),
        ),
        migrations.RunSQL(LINES + "".join(stays(*one) for one in NAMED) + EMPTIED + PATHS, BACK),
    ]
