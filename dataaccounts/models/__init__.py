from .accounts import AccountPrice, DataAccount, IdentityCheck, NetworkRules, PackageChange, ServiceSpan
from .allowances import NoticeSent, Topping, UsageNotice, Voucher, VoucherBatch
from .network import Nas, Outage, Sector, VendorAttribute, VendorTemplate
from .packages import Package, ToppingOffer
from .sessions import Device, LoginAnswer, NasReload, Session, SessionColumns, SessionOrder
from .usage import LoadHour, UsageDay, UsageHour

__all__ = [
    "AccountPrice",
    "DataAccount",
    "Device",
    "IdentityCheck",
    "LoadHour",
    "LoginAnswer",
    "Nas",
    "NasReload",
    "NetworkRules",
    "NoticeSent",
    "Outage",
    "Package",
    "PackageChange",
    "Sector",
    "ServiceSpan",
    "Session",
    "SessionColumns",
    "SessionOrder",
    "Topping",
    "ToppingOffer",
    "UsageDay",
    "UsageHour",
    "UsageNotice",
    "VendorAttribute",
    "VendorTemplate",
    "Voucher",
    "VoucherBatch",
]
