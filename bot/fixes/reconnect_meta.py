"""“Reconnect with Meta”: a one-time link to Meta's login, bound to who asked and to this account."""

from bot.fixes.repair import Lead, Repair
from bot.remedy import Fix
from bot.roles import Role

RECONNECT_META = Repair(fix=Fix.RECONNECT_META, role=Role.OPERATOR, to="reconnect with Meta", lead=Lead.LOGIN)
