"""Where the bot may be used: the configured channels, and always a message to it or one of its windows."""

from bot.errors import NotHere
from handlers.call import Call


def must_be_here(call: Call) -> None:
    """Raise NotHere for a command or a message's button in a channel that is not one of WHATSAPP_CHANNELS.

    A window belongs to no channel: what opened it was looked at.
    """
    allowed = call.services.config.channels
    if allowed and call.channel and call.channel not in allowed and not call.channel.startswith("D"):
        places = " or ".join(f"<#{channel}>" for channel in sorted(allowed))
        raise NotHere(
            "`/whatsapp` is not used in this channel.", hint=f"Use it in {places}, or in a message to me."
        )
