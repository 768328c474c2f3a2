"""Notes on leads are never changed, and words of a move go once its lead is forgotten."""

from django.db import migrations

NOTES = """
CREATE FUNCTION workflow_lead_note_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.text, OLD.at, OLD.by_id) IS DISTINCT FROM (NEW.text, NEW.at, NEW.by_id) THEN
        RAISE EXCEPTION 'A note is never changed; write another.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_note_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_note_is_kept BEFORE UPDATE ON workflow_leadnote
    FOR EACH ROW EXECUTE FUNCTION workflow_lead_note_is_kept();
"""
MOVES = """
DROP TRIGGER move_is_kept ON workflow_move;
CREATE FUNCTION workflow_move_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.why = '' AND (to_jsonb(OLD) - 'why') = (to_jsonb(NEW) - 'why') AND EXISTS (
        SELECT FROM workflow_lead WHERE id = OLD.lead_id AND forgotten_on IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A move is never changed; move the lead again.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'move_is_kept';
END $$;
CREATE TRIGGER move_is_kept BEFORE UPDATE ON workflow_move
    FOR EACH ROW EXECUTE FUNCTION workflow_move_is_kept();
"""
UNDO = """
DROP TRIGGER move_is_kept ON workflow_move;
DROP FUNCTION workflow_move_is_kept;
CREATE TRIGGER move_is_kept BEFORE UPDATE ON workflow_move FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('move_is_kept', 'A move is never changed; move the lead again.');
DROP TRIGGER lead_note_is_kept ON workflow_leadnote;
DROP FUNCTION workflow_lead_note_is_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0012_what_began")]
    operations = [migrations.RunSQL(NOTES + MOVES, UNDO)]
