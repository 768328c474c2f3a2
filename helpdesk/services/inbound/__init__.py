"""Mail that comes in: taken in once, put where it belongs, decided about where nobody knows the sender."""

from helpdesk.services.inbound.ingesting import ingest

__all__ = ["ingest"]
