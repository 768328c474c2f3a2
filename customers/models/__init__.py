from .addresses import Address
from .assets import Asset
from .attachments import Attachment
from .contacts import ALL_PURPOSES, Contact, Purpose
from .customers import Customer, CustomerBalance, OpeningBalance, PortalLogin
from .groups import BillingGroup, CustomerGroup
from .notes import CustomerNote, NoteDismissal
from .tags import Category, Label

__all__ = [
    "ALL_PURPOSES",
    "Address",
    "Asset",
    "Attachment",
    "BillingGroup",
    "Category",
    "Contact",
    "Customer",
    "CustomerBalance",
    "CustomerGroup",
    "CustomerNote",
    "Label",
    "NoteDismissal",
    "OpeningBalance",
    "PortalLogin",
    "Purpose",
]
