from .consent import Consent
from .gateways import SmsGateway
from .messages import Channel, Message
from .wording import Wording

__all__ = ["Channel", "Consent", "Message", "SmsGateway", "Wording"]
