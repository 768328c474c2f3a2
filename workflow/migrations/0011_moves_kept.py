"""Where a lead is changes only with a move that says so; moves are never changed, and go only with their lead."""

from django.db import migrations

KEPT = """
CREATE TRIGGER move_is_kept BEFORE UPDATE ON workflow_move FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('move_is_kept', 'A move is never changed; move the lead again.');

CREATE FUNCTION workflow_move_goes_with_its_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM workflow_lead WHERE id = OLD.lead_id) THEN
        RAISE EXCEPTION 'A move is never deleted while its lead is there.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'move_goes_with_its_lead';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER move_goes_with_its_lead AFTER DELETE ON workflow_move
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION workflow_move_goes_with_its_lead();
"""
# Asked when the transaction ends, of what the lead is then: several moves in one transaction are one answer.
WRITTEN = """
CREATE FUNCTION workflow_lead_was_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    there record;
    last record;
BEGIN
    SELECT step_id, step_since INTO there FROM workflow_lead WHERE id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT to_step, at INTO last FROM workflow_move WHERE lead_id = NEW.id ORDER BY id DESC LIMIT 1;
    IF last IS NULL OR last.to_step <> there.step_id OR last.at <> there.step_since THEN
        RAISE EXCEPTION 'Lead % is in a list without a move to it.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_goes_by_moves';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lead_goes_by_moves AFTER UPDATE OF step_id, step_since ON workflow_lead
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.step_id, OLD.step_since) IS DISTINCT FROM (NEW.step_id, NEW.step_since))
    EXECUTE FUNCTION workflow_lead_was_moved();
"""
NO_MORE = """
DROP TRIGGER lead_goes_by_moves ON workflow_lead;
DROP FUNCTION workflow_lead_was_moved;
DROP TRIGGER move_goes_with_its_lead ON workflow_move;
DROP FUNCTION workflow_move_goes_with_its_lead;
DROP TRIGGER move_is_kept ON workflow_move;
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0010_taken_over"), ("billing", "0002_ledger_rules")]

    operations = [migrations.RunSQL(KEPT + WRITTEN, NO_MORE)]
