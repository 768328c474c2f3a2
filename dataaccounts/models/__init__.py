from .accounts import AccountPrice, DataAccount, IdentityCheck, NetworkRules, PackageChange, ServiceSpan
from .allowances import NoticeSent, Topping, UsageNotice, Voucher, VoucherBatch
from .call_drops import CallDrop, DroppedFile
from .call_limits import SpendAlarm, SpendLimit
from .calls import Call, CallCharge, CallFile, CallRow, VoiceCaller
from .decks import Deck, DeckRow, DeckVersion
from .network import Nas, Outage, Sector, VendorAttribute, VendorTemplate
from .packages import Package, ToppingOffer
from .sessions import (
    AnySession,
    ArchivedSession,
    Device,
    LoginAnswer,
    NasReload,
    Session,
    SessionColumns,
    SessionOrder,
)
from .signals import NasTurn, SignalReading
from .sources import UsageName, UsageSource
from .usage import LoadHour, UsageDay, UsageHour, UsageMonth
from .voice import CallProfile, VoiceBundle, VoiceLine, VoicePackage, VoiceSource, VoiceTerm
from .wishes import PackageWish

__all__ = [
    "AccountPrice",
    "AnySession",
    "ArchivedSession",
    "Call",
    "CallCharge",
    "CallDrop",
    "CallFile",
    "CallProfile",
    "CallRow",
    "DataAccount",
    "Deck",
    "DeckRow",
    "DeckVersion",
    "Device",
    "DroppedFile",
    "IdentityCheck",
    "LoadHour",
    "LoginAnswer",
    "Nas",
    "NasReload",
    "NasTurn",
    "NetworkRules",
    "NoticeSent",
    "Outage",
    "Package",
    "PackageChange",
    "PackageWish",
    "Sector",
    "ServiceSpan",
    "Session",
    "SessionColumns",
    "SessionOrder",
    "SignalReading",
    "SpendAlarm",
    "SpendLimit",
    "Topping",
    "ToppingOffer",
    "UsageDay",
    "UsageHour",
    "UsageMonth",
    "UsageName",
    "UsageNotice",
    "UsageSource",
    "VendorAttribute",
    "VendorTemplate",
    "VoiceBundle",
    "VoiceCaller",
    "VoiceLine",
    "VoicePackage",
    "VoiceSource",
    "VoiceTerm",
    "Voucher",
    "VoucherBatch",
]
