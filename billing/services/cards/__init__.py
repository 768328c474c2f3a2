"""Card payments: begun, told of by gateways, booked once, charged to stored cards, reversed."""

from .attempts import Wanted, start
from .booking import reverse
from .charging import charge
from .notices import take as take_notice
from .pay_links import pay_link
from .settling import by_statement

__all__ = ["Wanted", "by_statement", "charge", "pay_link", "reverse", "start", "take_notice"]
