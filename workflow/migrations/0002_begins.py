"""What the workflow begins with: phases and their lists, reasons, sources, the installation with its checklist."""

from django.db import migrations

PHASES = """
INSERT INTO workflow_phase (key, name, position) VALUES
    ('leads', 'Leads', 1),
    ('surveys', 'Surveys', 2),
    ('quotes', 'Quotes', 3),
    ('customers', 'Customers', 4),
    ('jobs', 'Job cards', 5),
    ('invoicing', 'Invoicing', 6);
"""

STEPS = """
INSERT INTO workflow_step (key, phase_id, name, position, late_after, overdue_after) VALUES
    ('lead-new', 'leads', 'New', 1, 1, 3),
    ('lead-worked', 'leads', 'Being worked on', 2, 7, 14),
    ('survey-new', 'surveys', 'To schedule', 1, 2, 5),
    ('survey-scheduled', 'surveys', 'Scheduled', 2, 7, 14),
    ('survey-done', 'surveys', 'Surveyed', 3, 2, 5),
    ('quote-new', 'quotes', 'To quote', 1, 1, 3),
    ('quote-sent', 'quotes', 'Sent', 2, 7, 21),
    ('quote-declined', 'quotes', 'Declined', 3, 7, 30),
    ('customer-new', 'customers', 'New', 1, 1, 3),
    ('customer-active', 'customers', 'Active', 2, 1, 3),
    ('job-new', 'jobs', 'New', 1, 1, 3),
    ('job-scheduled', 'jobs', 'Scheduled', 2, 7, 14),
    ('job-started', 'jobs', 'In progress', 3, 1, 2),
    ('job-failed', 'jobs', 'Failed', 4, 1, 3),
    ('invoice-new', 'invoicing', 'To check', 1, 1, 3),
    ('won', NULL, 'Won', 1, 0, 0),
    ('lost', NULL, 'Lost', 2, 0, 0);
"""

WORDS = """
INSERT INTO workflow_salesrules DEFAULT VALUES;
INSERT INTO workflow_source (name) VALUES
    ('Sign-up form'), ('Referral by a customer'), ('Phone call'), ('Walk-in'), ('Social media'), ('Advertisement');
INSERT INTO workflow_lostreason (name) VALUES
    ('Not feasible'), ('Not covered'), ('Too expensive'), ('Chose another provider'), ('No answer any more'),
    ('Known already'), ('Changed their mind');
INSERT INTO workflow_declinereason (name) VALUES
    ('Too expensive'), ('Chose another provider'), ('Too slow'), ('Not needed any more'), ('Something else');
INSERT INTO workflow_failreason (name) VALUES
    ('Nobody at home'), ('No line of sight'), ('Weather'), ('Equipment missing'), ('Customer put it off'),
    ('No access to the roof'), ('Something else');
INSERT INTO workflow_jobtype (name, minutes, installs) VALUES
    ('Installation', 180, true), ('Repair', 90, false), ('Collection of equipment', 45, false);
INSERT INTO workflow_checklistitem (job_type_id, position, text, kind)
    SELECT id, place, words, sort FROM workflow_jobtype, (VALUES
        (1, 'Antenna mounted and earthed', 'tick'),
        (2, 'Cable run tidy and sealed', 'tick'),
        (3, 'Signal at the antenna (dBm)', 'text'),
        (4, 'Photo of the antenna', 'photo'),
        (5, 'Router placed, Wi-Fi shown to the customer', 'tick')
    ) AS listed (place, words, sort) WHERE name = 'Installation';
INSERT INTO workflow_checklistitem (job_type_id, position, text)
    SELECT id, 1, 'Fault found and mended' FROM workflow_jobtype WHERE name = 'Repair';
INSERT INTO workflow_checklistitem (job_type_id, position, text)
    SELECT id, 1, 'Everything on the list collected' FROM workflow_jobtype WHERE name = 'Collection of equipment';
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [
        migrations.RunSQL(PHASES, migrations.RunSQL.noop),
        migrations.RunSQL(STEPS, migrations.RunSQL.noop),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
