from .consent import Consent
from .failing import FailingAddress
from .gateways import SmsGateway
from .messages import Channel, Message
from .wording import Wording

__all__ = ["Channel", "Consent", "FailingAddress", "Message", "SmsGateway", "Wording"]
