"""The fixes that are a way of the product's own: their buttons lead to where it is asked and recorded."""

from bot.fixes.repair import Lead, Repair
from bot.remedy import Fix
from bot.roles import Role


def _wizard(fix: Fix) -> Repair:
    """The reconnect, which opens at the step Meta's state asks for."""
    return Repair(fix=fix, role=Role.OPERATOR, to="reconnect a number", lead=Lead.RECONNECT)


REQUEST_CODE = _wizard(Fix.REQUEST_CODE)
ENTER_PIN = _wizard(Fix.ENTER_PIN)
REGISTER = _wizard(Fix.REGISTER)
REFRESH_PERMISSIONS = Repair(
    fix=Fix.REFRESH_PERMISSIONS, role=Role.OPERATOR, to="refresh permissions", lead=Lead.REFRESH
)
RECONNECT_META = Repair(fix=Fix.RECONNECT_META, role=Role.OPERATOR, to="reconnect with Meta", lead=Lead.LOGIN)
RESTORE_WEBHOOK = Repair(
    fix=Fix.RESTORE_WEBHOOK, role=Role.OPERATOR, to="change where events go", lead=Lead.WEBHOOK
)
APP_WEBHOOK = Repair(
    fix=Fix.APP_WEBHOOK, role=Role.MANAGER, to="change the app's webhook", lead=Lead.APP_WEBHOOK
)
