"""Lists that programs read are on record as exports are; what only programs were told goes after a while."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# The newest fact stays: the next ones are numbered behind it, and no cursor is ever ahead of them.
GOES = """
CREATE FUNCTION house_fact_goes(asked boolean, at timestamptz, place bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT asked AND at < now() - interval '90 days' AND place IS NOT NULL
        AND place < (SELECT max(position) FROM house_fact)
$$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION house_fact_goes(boolean, timestamptz, bigint)'
        ' SET search_path = pg_catalog, %I, pg_temp', current_schema());
END $$;
"""
STAYS = "DROP FUNCTION house_fact_goes(boolean, timestamptz, bigint);"


class Migration(migrations.Migration):
    dependencies = [("house", "0016_moving_in")]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="file_format",
            field=models.CharField(
                choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("pdf", "PDF"), ("api", "API")], max_length=4
            ),
        ),
        migrations.RemoveConstraint(model_name="export", name="export_format_known"),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(file_format__in=["csv", "xlsx", "pdf", "api"]), name="export_format_known"
            ),
        ),
        migrations.AddField(
            model_name="fact",
            name="asked",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="It was written only because somebody outside asked for it.",
            ),
        ),
        migrations.RunSQL(GOES, STAYS),
        pgtrigger.migrations.RemoveTrigger(
            model_name="fact",
            name="fact_is_never_removed",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="fact",
            name="fact_is_never_changed",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fact",
            trigger=pgtrigger.compiler.Trigger(
                name="fact_is_never_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT house_fact_goes(OLD.asked, OLD.at, OLD.position))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="05fb30b903c3b344ac67f1a229527e36ca776bdb",
                    operation="DELETE",
                    pgid="pgtrigger_fact_is_never_removed_92719",
                    table="house_fact",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fact",
            trigger=pgtrigger.compiler.Trigger(
                name="fact_is_never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.position IS NOT NULL OR ROW(NEW.id, NEW.kind, NEW.customer_id, NEW.subject_kind, NEW.subject_id, NEW.data, NEW.asked, NEW.key, NEW.at) IS DISTINCT FROM ROW(OLD.id, OLD.kind, OLD.customer_id, OLD.subject_kind, OLD.subject_id, OLD.data, OLD.asked, OLD.key, OLD.at)) AND NOT house_only_blanks(OLD.customer_id, to_jsonb(OLD.*), to_jsonb(NEW.*), '{data}'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="afba8f3573fa39124054c7d2f7b6c9b5a10dc265",
                    operation="UPDATE",
                    pgid="pgtrigger_fact_is_never_changed_c99c3",
                    table="house_fact",
                    when="BEFORE",
                ),
            ),
        ),
    ]
