"""What other programs may hear of quotes and job cards."""

from __future__ import annotations

from herotill.api.offers import offer

offer("quote.accepted", "A quote was accepted", "number", "lead", order=60)
offer("quote.declined", "A quote was declined", "number", "lead", order=61)
offer("job.completed", "A job was completed", "lead", order=62)
offer("job.failed", "A job could not be done", "lead", order=63)
