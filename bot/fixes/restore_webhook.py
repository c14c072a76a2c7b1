"""“Restore webhook override”: the repair of `/whatsapp webhook fix`, which shows old → new before it applies it."""

from bot.fixes.repair import Lead, Repair
from bot.remedy import Fix
from bot.roles import Role

RESTORE_WEBHOOK = Repair(
    fix=Fix.RESTORE_WEBHOOK, role=Role.OPERATOR, to="change where events go", lead=Lead.WEBHOOK
)
