from .answers import KeptAnswer
from .tokens import Token
from .webhooks import Delivery, Webhook

__all__ = ["Delivery", "KeptAnswer", "Token", "Webhook"]
