"""“Refresh permissions”: the refresh there is already, with its question, its records and its before and after."""

from bot.fixes.repair import Lead, Repair
from bot.remedy import Fix
from bot.roles import Role

REFRESH_PERMISSIONS = Repair(
    fix=Fix.REFRESH_PERMISSIONS, role=Role.OPERATOR, to="refresh permissions", lead=Lead.REFRESH
)
