"""“Request code”, “Enter PIN” and “Register”: the reconnect wizard, which opens at the step Meta's state asks for."""

from bot.fixes.repair import Lead, Repair
from bot.remedy import Fix
from bot.roles import Role


def _wizard(fix: Fix) -> Repair:
    return Repair(fix=fix, role=Role.OPERATOR, to="reconnect a number", lead=Lead.RECONNECT)


REQUEST_CODE = _wizard(Fix.REQUEST_CODE)
ENTER_PIN = _wizard(Fix.ENTER_PIN)
REGISTER = _wizard(Fix.REGISTER)
