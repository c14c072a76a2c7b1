"""The fix buttons: one file a fix, ALL of them in one tuple. A cause names the ones that help."""

from bot.fixes.app_webhook import APP_WEBHOOK
from bot.fixes.ask_manager import ASK_MANAGER
from bot.fixes.prepare_ticket import PREPARE_TICKET
from bot.fixes.reconnect_meta import RECONNECT_META
from bot.fixes.reconnecting import ENTER_PIN, REGISTER, REQUEST_CODE
from bot.fixes.refresh_permissions import REFRESH_PERMISSIONS
from bot.fixes.refresh_token import REFRESH_TOKEN
from bot.fixes.repair import Repair
from bot.fixes.restore_webhook import RESTORE_WEBHOOK
from bot.fixes.subscribe_app import SUBSCRIBE_APP

ALL: tuple[Repair, ...] = (
    SUBSCRIBE_APP,
    RESTORE_WEBHOOK,
    APP_WEBHOOK,
    REQUEST_CODE,
    ENTER_PIN,
    REGISTER,
    REFRESH_PERMISSIONS,
    REFRESH_TOKEN,
    RECONNECT_META,
    ASK_MANAGER,
    PREPARE_TICKET,
)
