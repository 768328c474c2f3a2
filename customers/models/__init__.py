from .addresses import Address
from .anonymising import Anonymisation
from .assets import Asset
from .attachments import Attachment
from .contacts import ALL_PURPOSES, Contact, Purpose
from .customers import Customer, CustomerBalance, OpeningBalance, PortalLogin
from .groups import BillingGroup, CustomerGroup
from .notes import CustomerNote, NoteDismissal
from .portal import PortalLook, SharedWithMaster
from .tags import Category, Label
from .wishes import DataCopy, DetailsCheck, ForgetWish

__all__ = [
    "ALL_PURPOSES",
    "Address",
    "Anonymisation",
    "Asset",
    "Attachment",
    "BillingGroup",
    "Category",
    "Contact",
    "Customer",
    "CustomerBalance",
    "CustomerGroup",
    "CustomerNote",
    "DataCopy",
    "DetailsCheck",
    "ForgetWish",
    "Label",
    "NoteDismissal",
    "OpeningBalance",
    "PortalLogin",
    "PortalLook",
    "Purpose",
    "SharedWithMaster",
]
