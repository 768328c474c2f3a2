"""What was said stands; a ticket's state and times agree; tickets are found by the global search."""

from django.db import migrations, models
from django.db.models import Q

# A ticket that is forgotten says so first; then what was said on it may be blanked, and its files go.
POSTS = """
CREATE FUNCTION helpdesk_is_forgotten(which bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM helpdesk_ticket WHERE id = which AND forgotten_on IS NOT NULL)
$$;

ALTER TABLE helpdesk_post
    ADD CONSTRAINT post_kind_known CHECK (kind IN ('said', 'answer', 'note', 'event')),
    ADD CONSTRAINT post_way_known CHECK (via IN ('desk', 'portal', 'link', 'email', 'job')),
    ADD CONSTRAINT post_moved_from_elsewhere CHECK (moved_from_id IS NULL OR kind <> 'event');

CREATE FUNCTION helpdesk_post_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    becomes jsonb;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'What was said on a ticket is kept.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posts_stand';
    END IF;
    becomes := to_jsonb(NEW);
    IF was - '{ticket_id,moved_from_id}'::text[] = becomes - '{ticket_id,moved_from_id}'::text[]
        AND NEW.moved_from_id = coalesce(OLD.moved_from_id, OLD.ticket_id) THEN
        RETURN NEW;
    END IF;
    IF was - '{text,html,author_name,author_email}'::text[] = becomes - '{text,html,author_name,author_email}'::text[]
        AND helpdesk_is_forgotten(NEW.ticket_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was said on a ticket is not changed.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'posts_stand';
END $$;
CREATE TRIGGER posts_stand BEFORE UPDATE OR DELETE ON helpdesk_post
    FOR EACH ROW EXECUTE FUNCTION helpdesk_post_stands();

CREATE FUNCTION helpdesk_post_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM helpdesk_ticket WHERE id = NEW.ticket_id AND merged_into_id IS NOT NULL) THEN
        RAISE EXCEPTION 'This ticket was merged into another; it goes on there.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_is_said_on_merged_tickets';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posts_begin BEFORE INSERT ON helpdesk_post
    FOR EACH ROW WHEN (NEW.kind <> 'event') EXECUTE FUNCTION helpdesk_post_begins();

CREATE FUNCTION helpdesk_file_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND helpdesk_is_forgotten((SELECT ticket_id FROM helpdesk_post WHERE id = OLD.post_id)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A file that came with a post stays as it came.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'posted_files_stand';
END $$;
CREATE TRIGGER posted_files_stand BEFORE UPDATE OR DELETE ON helpdesk_postfile
    FOR EACH ROW EXECUTE FUNCTION helpdesk_file_stands();
"""

TICKETS = """
ALTER TABLE helpdesk_ticket
    ADD CONSTRAINT ticket_state_known CHECK (state IN ('open', 'pending', 'closed')),
    ADD CONSTRAINT ticket_origin_known CHECK (
        origin IN ('staff', 'portal', 'email', 'rating', 'cancellation', 'job')),
    ADD CONSTRAINT ticket_ends_after_it_opens CHECK (closed_at >= opened_at),
    ADD CONSTRAINT ticket_is_answered_after_it_opens CHECK (answered_at >= opened_at),
    ADD CONSTRAINT ticket_speaks_after_it_opens CHECK (last_at >= opened_at),
    ADD CONSTRAINT only_closed_tickets_have_reasons CHECK (
        state = 'closed' OR closed_by_id IS NULL AND close_reason_id IS NULL AND close_words = '');

CREATE FUNCTION helpdesk_ticket_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Tickets are closed, not deleted.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tickets_are_kept';
    END IF;
    IF (NEW.id, NEW.token, NEW.origin, NEW.about_kind, NEW.about_id, NEW.opened_by_id)
        IS DISTINCT FROM (OLD.id, OLD.token, OLD.origin, OLD.about_kind, OLD.about_id, OLD.opened_by_id)
        OR NEW.opened_at > OLD.opened_at OR NEW.link_version < OLD.link_version THEN
        RAISE EXCEPTION 'How a ticket came about is not changed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_stands';
    END IF;
    IF NEW.reopened <> OLD.reopened + (OLD.state = 'closed' AND NEW.state <> 'closed')::int THEN
        RAISE EXCEPTION 'A ticket counts how often it was reopened.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_counts_reopenings';
    END IF;
    IF OLD.forgotten_on IS NOT NULL AND NEW.forgotten_on IS NULL THEN
        RAISE EXCEPTION 'What was forgotten stays forgotten.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ticket_stays_forgotten';
    END IF;
    IF OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NULL THEN
        RAISE EXCEPTION 'A merged ticket stays merged.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merged_ticket_stands';
    END IF;
    IF NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id
        AND (EXISTS (SELECT FROM helpdesk_ticket WHERE merged_into_id = NEW.id)
            OR EXISTS (SELECT FROM helpdesk_ticket WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'A ticket is merged into one that goes on.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merged_ticket_leads_on';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ticket_stands BEFORE UPDATE OR DELETE ON helpdesk_ticket
    FOR EACH ROW EXECUTE FUNCTION helpdesk_ticket_stands();
"""

SEARCH = """
CREATE FUNCTION search_of_ticket(ids bigint[]) RETURNS SETOF house_searchdocument LANGUAGE sql STABLE AS $$
    SELECT 'ticket', t.id, t.customer_id, t.id::text, '#' || t.id, t.subject,
        concat_ws(' · ', coalesce(c.name, nullif(t.requester_name, '')), nullif(t.requester_email, '')),
        t.state, '',
        array_to_tsvector(house_search_words(concat_ws(' ', t.id, t.subject, t.requester_name, t.requester_email)))
    FROM helpdesk_ticket t LEFT JOIN customers_customer c ON c.id = t.customer_id
    WHERE (ids IS NULL OR t.id = ANY (ids)) AND t.forgotten_on IS NULL
$$;
CREATE FUNCTION search_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM house_search_write('ticket', ARRAY(SELECT id FROM added));
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE $sql$
            UPDATE house_searchdocument d SET state = a.state FROM added a JOIN gone g USING (id)
            WHERE a.state <> g.state AND d.object_id = a.id AND d.kind = 'ticket'
        $sql$;
        EXECUTE $sql$
            SELECT house_search_write('ticket', moved) FROM (SELECT ARRAY(
                SELECT a.id FROM added a JOIN gone g USING (id)
                WHERE (a.subject, a.requester_name, a.requester_email, a.customer_id, a.forgotten_on)
                    IS DISTINCT FROM
                      (g.subject, g.requester_name, g.requester_email, g.customer_id, g.forgotten_on)) AS moved
                ) AS found
        $sql$;
    ELSE
        PERFORM house_search_write('ticket', NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_tickets_insert AFTER INSERT ON helpdesk_ticket
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_tickets();
CREATE TRIGGER search_tickets_update AFTER UPDATE ON helpdesk_ticket
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_tickets();
CREATE TRIGGER search_tickets_truncate AFTER TRUNCATE ON helpdesk_ticket
    FOR EACH STATEMENT EXECUTE FUNCTION search_tickets();
SELECT house_search_kind('ticket'), house_search_rebuild('ticket');
"""

UNDO = """
DROP FUNCTION search_tickets CASCADE;
DROP FUNCTION search_of_ticket;
DROP TABLE house_search_ticket;
DROP FUNCTION helpdesk_ticket_stands CASCADE;
DROP FUNCTION helpdesk_file_stands CASCADE;
DROP FUNCTION helpdesk_post_begins CASCADE;
DROP FUNCTION helpdesk_post_stands CASCADE;
DROP FUNCTION helpdesk_is_forgotten;
ALTER TABLE helpdesk_ticket
    DROP CONSTRAINT ticket_state_known,
    DROP CONSTRAINT ticket_origin_known,
    DROP CONSTRAINT ticket_ends_after_it_opens,
    DROP CONSTRAINT ticket_is_answered_after_it_opens,
    DROP CONSTRAINT ticket_speaks_after_it_opens,
    DROP CONSTRAINT only_closed_tickets_have_reasons;
ALTER TABLE helpdesk_post
    DROP CONSTRAINT post_kind_known,
    DROP CONSTRAINT post_way_known,
    DROP CONSTRAINT post_moved_from_elsewhere;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_search"),
        ("helpdesk", "0003_set_up"),
        ("house", "0004_search"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["-last_at", "-id"], name="tickets_open_by_last", condition=~Q(state="closed")
            ),
        ),
        migrations.RunSQL("\n".join((POSTS, TICKETS, SEARCH)), UNDO),
    ]
