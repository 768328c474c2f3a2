"""Collection batches from the first draft to the bank: built, edited, released, sent."""

from .building import build, touch, update
from .checking import bill, channel_of, check, out_lines
from .editing import edit_line, put_back, withdraw_line
from .files import contents, file_of, keep, prepared
from .releasing import cancel, release, seal, take_back
from .sending import ask, ask_all, authorise, mark_sent, missed, send, take

__all__ = [
    "ask",
    "ask_all",
    "authorise",
    "bill",
    "build",
    "cancel",
    "channel_of",
    "check",
    "contents",
    "edit_line",
    "file_of",
    "keep",
    "mark_sent",
    "missed",
    "out_lines",
    "prepared",
    "put_back",
    "release",
    "seal",
    "send",
    "take",
    "take_back",
    "touch",
    "update",
    "withdraw_line",
]
