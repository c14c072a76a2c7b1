"""The fix buttons: ALL of them in one tuple. A cause names the ones that help."""

from bot.fixes.ask_manager import ASK_MANAGER
from bot.fixes.leads import (
    APP_WEBHOOK,
    ENTER_PIN,
    RECONNECT_META,
    REFRESH_PERMISSIONS,
    REGISTER,
    REQUEST_CODE,
    RESTORE_WEBHOOK,
)
from bot.fixes.prepare_ticket import PREPARE_TICKET
from bot.fixes.refresh_token import REFRESH_TOKEN
from bot.fixes.repair import Repair
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
