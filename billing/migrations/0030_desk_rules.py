"""What was said about a debt stays as it was said; what was decided about it is decided once."""

from django.db import migrations

# A note may be marked as followed up, once; nothing else of it ever changes.
NOTES = """
CREATE TRIGGER debtor_note_stays BEFORE UPDATE ON billing_debtornote FOR EACH ROW
    WHEN (OLD.next_done_at IS NOT NULL OR (NEW.id, NEW.customer_id, NEW.text, NEW.way, NEW.next_on, NEW.message_id,
          NEW.author_id, NEW.written_at) IS DISTINCT FROM (OLD.id, OLD.customer_id, OLD.text, OLD.way, OLD.next_on,
          OLD.message_id, OLD.author_id, OLD.written_at))
    EXECUTE FUNCTION billing_refuse('debtor_note_stays', 'A debtor note is never changed; write another.');
CREATE TRIGGER debtor_note_is_kept BEFORE DELETE ON billing_debtornote FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('debtor_note_is_kept', 'A debtor note is never deleted.');
"""
DECIDED = """
CREATE TRIGGER promise_decided_once BEFORE UPDATE ON billing_promise FOR EACH ROW
    WHEN (OLD.state <> 'open' OR (NEW.customer_id, NEW.amount, NEW.by_day, NEW.made_on)
          IS DISTINCT FROM (OLD.customer_id, OLD.amount, OLD.by_day, OLD.made_on))
    EXECUTE FUNCTION billing_refuse('promise_decided_once', 'A promise is decided once and never reworded.');
CREATE TRIGGER dispute_answered_once BEFORE UPDATE ON billing_dispute FOR EACH ROW
    WHEN (OLD.answered_at IS NOT NULL OR (NEW.document_id, NEW.reason) IS DISTINCT FROM (OLD.document_id, OLD.reason))
    EXECUTE FUNCTION billing_refuse('dispute_answered_once', 'A dispute is answered once and never reworded.');
CREATE TRIGGER dispute_is_kept BEFORE DELETE ON billing_dispute FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('dispute_is_kept', 'A dispute is answered, never deleted.');
CREATE TRIGGER fee_waived_once BEFORE UPDATE ON billing_collectionfee FOR EACH ROW
    WHEN (OLD.waived_at IS NOT NULL OR (NEW.customer_id, NEW.kind, NEW.cause, NEW.product_id, NEW.amount, NEW.day)
          IS DISTINCT FROM (OLD.customer_id, OLD.kind, OLD.cause, OLD.product_id, OLD.amount, OLD.day))
    EXECUTE FUNCTION billing_refuse('fee_waived_once', 'A fee is waived once and otherwise stays.');
CREATE TRIGGER fee_is_kept BEFORE DELETE ON billing_collectionfee FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('fee_is_kept', 'A fee is waived, never deleted.');
CREATE TRIGGER hand_over_ends_once BEFORE UPDATE ON billing_handover FOR EACH ROW
    WHEN (OLD.back_on IS NOT NULL OR (NEW.customer_id, NEW.collector, NEW.amount, NEW.handed_on)
          IS DISTINCT FROM (OLD.customer_id, OLD.collector, OLD.amount, OLD.handed_on))
    EXECUTE FUNCTION billing_refuse('hand_over_ends_once', 'A hand-over is taken back once and otherwise stays.');
CREATE TRIGGER hand_over_is_kept BEFORE DELETE ON billing_handover FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse('hand_over_is_kept', 'A hand-over is taken back, never deleted.');
"""
NO_MORE = """
DROP TRIGGER debtor_note_stays ON billing_debtornote;
DROP TRIGGER debtor_note_is_kept ON billing_debtornote;
DROP TRIGGER promise_decided_once ON billing_promise;
DROP TRIGGER dispute_answered_once ON billing_dispute;
DROP TRIGGER dispute_is_kept ON billing_dispute;
DROP TRIGGER fee_waived_once ON billing_collectionfee;
DROP TRIGGER fee_is_kept ON billing_collectionfee;
DROP TRIGGER hand_over_ends_once ON billing_handover;
DROP TRIGGER hand_over_is_kept ON billing_handover;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0029_collectors_desk")]
    operations = [migrations.RunSQL(NOTES + DECIDED, NO_MORE)]
