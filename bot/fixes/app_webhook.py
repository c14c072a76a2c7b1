"""“Change the app's webhook”: the manager's way of `/whatsapp webhook`, which names every account it would move."""

from bot.fixes.repair import Lead, Repair
from bot.remedy import Fix
from bot.roles import Role

APP_WEBHOOK = Repair(
    fix=Fix.APP_WEBHOOK, role=Role.MANAGER, to="change the app's webhook", lead=Lead.APP_WEBHOOK
)
