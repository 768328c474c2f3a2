"""Debit-order details and the mandates that allow debits: captured, asked for, signed, blocked, ended."""

from .details import NewDetail, save_detail
from .electronic import ask, sign, sign_known
from .standing import Block, block, block_all, cancel, capture_paper, lapse, unblock

__all__ = [
    "Block",
    "NewDetail",
    "ask",
    "block",
    "block_all",
    "cancel",
    "capture_paper",
    "lapse",
    "save_detail",
    "sign",
    "sign_known",
    "unblock",
]
