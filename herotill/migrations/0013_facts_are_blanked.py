"""Facts lose their figures with the customer they are about; guards let by what does nothing else."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("house", "0012_raw_mail_goes"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="fact",
            name="fact_is_never_changed",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fact",
            trigger=pgtrigger.compiler.Trigger(
                name="fact_is_never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.position IS NOT NULL OR ROW(NEW.id, NEW.kind, NEW.customer_id, NEW.subject_kind, NEW.subject_id, NEW.data, NEW.key, NEW.at) IS DISTINCT FROM ROW(OLD.id, OLD.kind, OLD.customer_id, OLD.subject_kind, OLD.subject_id, OLD.data, OLD.key, OLD.at)) AND NOT house_only_blanks(OLD.customer_id, to_jsonb(OLD.*), to_jsonb(NEW.*), '{data}'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="af547658495712a877808444b3f7b583b9fd490f",
                    operation="UPDATE",
                    pgid="pgtrigger_fact_is_never_changed_c99c3",
                    table="house_fact",
                    when="BEFORE",
                ),
            ),
        ),
    ]
