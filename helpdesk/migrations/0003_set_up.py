"""What the helpdesk begins with; when the times of tickets count; a rating that was given stands."""

import django.db.models.deletion
import herotill.audit.sql
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

BEGIN = """
INSERT INTO helpdesk_helpdeskrules (vip_category_id)
    SELECT (SELECT id FROM customers_category WHERE name_key = 'vip') WHERE NOT EXISTS (SELECT FROM helpdesk_helpdeskrules);
INSERT INTO helpdesk_department (name, for_ratings) VALUES
    ('Support', true), ('Accounts', false), ('Sales', false), ('Network', false);
INSERT INTO helpdesk_officehours (department_id, weekday, opens, closes)
    SELECT id, weekday, time '08:00', time '17:00' FROM helpdesk_department, generate_series(0, 4) AS weekday;
INSERT INTO helpdesk_officehours (department_id, weekday, opens, closes)
    SELECT id, 5, time '08:00', time '13:00' FROM helpdesk_department WHERE name = 'Support';
INSERT INTO helpdesk_priority (name, rank, usual, answer_minutes, solve_minutes, vip_answer_minutes, vip_solve_minutes,
    around_the_clock) VALUES
    ('Urgent', 10, false, 30, 240, 15, 120, true),
    ('High', 20, false, 60, 480, 30, 240, false),
    ('Normal', 50, true, 240, 1440, 60, 480, false),
    ('Low', 80, false, 540, 2700, 240, 1440, false);
INSERT INTO helpdesk_category (name) VALUES
    ('No connection'), ('Slow connection'), ('Drops now and then'), ('Invoice or payment'), ('Change of package'),
    ('Move to another address'), ('Cancellation'), ('Job that failed'), ('Low rating'), ('Something else');
INSERT INTO helpdesk_closereason (name) VALUES
    ('Solved'), ('Nothing was wrong'), ('No answer from the customer'), ('Asked twice'), ('Not for us'), ('Withdrawn');
"""

STANDS = """
CREATE FUNCTION rating_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.submitted_at IS NOT NULL AND (
        (OLD.stars, OLD.submitted_at, OLD.kind, OLD.subject_id) IS DISTINCT FROM
            (NEW.stars, NEW.submitted_at, NEW.kind, NEW.subject_id)
        OR NEW.comment NOT IN (OLD.comment, '')
    ) THEN
        RAISE EXCEPTION 'A rating that was given stands.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rating_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rating_stands BEFORE UPDATE ON helpdesk_rating FOR EACH ROW EXECUTE FUNCTION rating_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_likenesses"),
        ("helpdesk", "0002_forgotten_tickets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="helpdeskrules",
            name="audit_add",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="helpdeskrules",
            name="audit_change",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="helpdeskrules",
            name="audit_remove",
        ),
        migrations.AddField(
            model_name="helpdeskrules",
            name="mail_on_assignment",
            field=models.BooleanField(
                db_default=True, default=True, verbose_name="mail to whom a ticket is assigned"
            ),
        ),
        migrations.AddField(
            model_name="helpdeskrules",
            name="vip_category",
            field=models.ForeignKey(
                blank=True,
                help_text="Its customers have the priorities' times for VIPs.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.category",
                verbose_name="category of VIPs",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="counts_from",
            field=models.DateTimeField(editable=False, help_text="The last reopening.", null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="late_of",
            field=models.DateTimeField(
                editable=False,
                help_text="The due time of which somebody was told that it is over.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="waited",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Minutes of service for which the customer was waited for.",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="waits_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="warned_of",
            field=models.DateTimeField(
                editable=False,
                help_text="The due time of which somebody was told that it comes near.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(
                condition=models.Q(("acknowledged_at", None), ("submitted_at__isnull", False)),
                fields=["id"],
                name="ratings_to_acknowledge",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="helpdeskrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("portal_tickets", "portal_tickets", "flag"),
                        ("reopen_days", "reopen_days", "plain"),
                        ("link_days", "link_days", "plain"),
                        ("mail_on_assignment", "mail_on_assignment", "flag"),
                        ("sms_on_assignment", "sms_on_assignment", "flag"),
                        ("breach_minutes", "breach_minutes", "plain"),
                        ("vip_category", "vip_category_id", "plain"),
                        ("rating_days", "rating_days", "plain"),
                        ("rating_threshold", "rating_threshold", "plain"),
                        ("tickets_domain", "tickets_domain", "text"),
                        ("authserv_id", "authserv_id", "text"),
                    ],
                    hash="012422805377a1a514e910c836548ff5279688be",
                    model="helpdesk.helpdeskrules",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_7fb9b",
                    table="helpdesk_helpdeskrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="helpdeskrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("portal_tickets", "portal_tickets", "flag"),
                        ("reopen_days", "reopen_days", "plain"),
                        ("link_days", "link_days", "plain"),
                        ("mail_on_assignment", "mail_on_assignment", "flag"),
                        ("sms_on_assignment", "sms_on_assignment", "flag"),
                        ("breach_minutes", "breach_minutes", "plain"),
                        ("vip_category", "vip_category_id", "plain"),
                        ("rating_days", "rating_days", "plain"),
                        ("rating_threshold", "rating_threshold", "plain"),
                        ("tickets_domain", "tickets_domain", "text"),
                        ("authserv_id", "authserv_id", "text"),
                    ],
                    hash="e30b0d4589c86ffb5558d134779702cd245be849",
                    model="helpdesk.helpdeskrules",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_0135c",
                    table="helpdesk_helpdeskrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="helpdeskrules",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("only", "only", "flag"),
                        ("portal_tickets", "portal_tickets", "flag"),
                        ("reopen_days", "reopen_days", "plain"),
                        ("link_days", "link_days", "plain"),
                        ("mail_on_assignment", "mail_on_assignment", "flag"),
                        ("sms_on_assignment", "sms_on_assignment", "flag"),
                        ("breach_minutes", "breach_minutes", "plain"),
                        ("vip_category", "vip_category_id", "plain"),
                        ("rating_days", "rating_days", "plain"),
                        ("rating_threshold", "rating_threshold", "plain"),
                        ("tickets_domain", "tickets_domain", "text"),
                        ("authserv_id", "authserv_id", "text"),
                    ],
                    hash="f79cd71d843c89fe582e1769fee6a5e2bd183795",
                    model="helpdesk.helpdeskrules",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_2c34c",
                    table="helpdesk_helpdeskrules",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("department", "department_id", "plain"), ("user", "user_id", "plain")],
                    hash="9711be6c2c16bc4dd30efc17173ba71fd02d7093",
                    model="helpdesk.membership",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_933be",
                    table="helpdesk_membership",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("department", "department_id", "plain"), ("user", "user_id", "plain")],
                    hash="b8ffca3638716eb963619cfd47f4d8e2e56a68b9",
                    model="helpdesk.membership",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_b5443",
                    table="helpdesk_membership",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[("department", "department_id", "plain"), ("user", "user_id", "plain")],
                    hash="e182435c39e21148f9944f59b81c9dcf767bd1a8",
                    model="helpdesk.membership",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_2dfec",
                    table="helpdesk_membership",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="officehours",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_add",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("department", "department_id", "plain"),
                        ("weekday", "weekday", "plain"),
                        ("opens", "opens", "plain"),
                        ("closes", "closes", "plain"),
                    ],
                    hash="180b8dfaee9b05bca76130f3cba6a8ea3f72adbf",
                    model="helpdesk.officehours",
                    operation="INSERT",
                    pgid="pgtrigger_audit_add_104c2",
                    table="helpdesk_officehours",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="officehours",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_change",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("department", "department_id", "plain"),
                        ("weekday", "weekday", "plain"),
                        ("opens", "opens", "plain"),
                        ("closes", "closes", "plain"),
                    ],
                    hash="ca6e209554a7254c28b9bb92b98cb7251a72f336",
                    model="helpdesk.officehours",
                    operation="UPDATE",
                    pgid="pgtrigger_audit_change_ae440",
                    table="helpdesk_officehours",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="officehours",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_remove",
                sql=herotill.audit.sql.AuditTriggerSql(
                    columns=[
                        ("department", "department_id", "plain"),
                        ("weekday", "weekday", "plain"),
                        ("opens", "opens", "plain"),
                        ("closes", "closes", "plain"),
                    ],
                    hash="bbfeaf6189e18c8e93e5e8e556b98543a56ce78a",
                    model="helpdesk.officehours",
                    operation="DELETE",
                    pgid="pgtrigger_audit_remove_002e3",
                    table="helpdesk_officehours",
                ),
            ),
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.RunSQL(STANDS, "DROP FUNCTION rating_stands CASCADE;"),
    ]
