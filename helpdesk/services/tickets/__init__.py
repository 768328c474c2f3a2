"""Tickets: opened, answered, given to somebody, closed; merged and split.

Every deed is one transaction that holds the ticket; what happened stands as a post, and as a fact `ticket.*`
for whoever wants to know.
"""

from helpdesk.services.tickets.deeds import (
    assign,
    assign_many,
    close,
    close_many,
    link,
    move,
    move_many,
    reopen,
    watch,
    watch_only,
)
from helpdesk.services.tickets.files import NewFile, checked
from helpdesk.services.tickets.joining import merge, split
from helpdesk.services.tickets.opening import Writer, open_ticket
from helpdesk.services.tickets.speaking import answer, note, say

__all__ = [
    "NewFile",
    "Writer",
    "answer",
    "assign",
    "assign_many",
    "checked",
    "close",
    "close_many",
    "link",
    "merge",
    "move",
    "move_many",
    "note",
    "open_ticket",
    "reopen",
    "say",
    "split",
    "watch",
    "watch_only",
]
