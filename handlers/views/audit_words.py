"""What each act is called in the audit channel: by action, then by outcome ("intent" = about to be done)."""

UNKNOWN_ACT = "did {action} ({outcome})"


def _tried(intent: str, ok: str, failed: str, unknown: str) -> dict[str, str]:
    """The five ends of a call to Meta that cannot be repeated."""
    return {
        "intent": intent,
        "ok": ok,
        "failed": failed,
        "refused": failed,
        "unknown": f"{unknown} (may or may not have been done)",
        "not_sent": f"{intent}: nothing left the bot",
        "": intent,
    }


def _fact(said: str, refused: str = "was refused") -> dict[str, str]:
    return {"": said, "ok": said, "failed": f"{said}: failed", "unknown": f"{said}: outcome unknown",
            "refused": refused, "not_sent": f"{said}: not sent", "intent": said}  # fmt: skip


# What is said instead about a flow that was a refresh, and about one that ended without having failed.
OF_REFRESH = {
    "flow.started": "started refreshing permissions",
    "flow.ended": "finished refreshing permissions",
    "flow.taken_over": "took the permission refresh over",
}
BY_STATE = {
    "cancelled": (":black_square_for_stop:", "stopped the reconnect"),
    "expired": (":hourglass:", "ended the reconnect: it ran out of time"),
}

SAYS: dict[str, dict[str, str]] = {
    "flow.started": _fact("started reconnecting"),
    "flow.ended": {
        **_fact("ended the reconnect"),
        "ok": "finished: *Connected*, read back from Meta",
        "failed": "ended the reconnect: *not connected*",
        "unknown": "ended the reconnect: *could not tell* whether it is connected",
    },
    "flow.repeated": {
        **_fact("asked for the reconnect again"),
        "ok": "asked for the reconnect again: it is connected already",
        "failed": "asked for the reconnect again: *still not possible*",
    },
    "flow.handed_off": _fact("handed the code box to a colleague"),
    "flow.taken_back": _fact("took the code box back"),
    "flow.taken_over": _fact("took the reconnect over"),
    "flow.joined": _fact("joined as code holder"),
    "code.request": _tried(
        "asks Meta to send a code",
        "asked for a code: sent",
        "asked for a code: Meta refused",
        "asked for a code",
    ),
    "code.verify": _tried(
        "hands the code in",
        "handed the code in: accepted",
        "handed the code in: rejected",
        "handed the code in",
    ),
    "pin.set": _tried("sets a new PIN", "set a new PIN", "tried to set a new PIN: refused", "set a new PIN"),
    "number.register": _tried(
        "registers the number", "registered the number", "tried to register: refused", "registered the number"
    ),
    "permissions.refresh": _tried(
        "refreshes permissions", "refreshed permissions", "permission refresh failed", "refreshed permissions"
    ),
    "token.extend": _tried(
        "extends the token", "extended the token", "token not extended", "extended the token"
    ),
    "token.not_extended": _fact(":warning: could not refresh the token by itself"),
    "token.ending": _fact(":hourglass: warns: a token ends soon"),
    "token.replaced": {
        **_fact("replaced the token"),
        "failed": "tried to replace the token: it failed a test, and the old one stays",
    },
    "token.imported": _fact("took a new access token into use"),
    "token.connected": _fact("took the token of a Meta login into use"),
    "oauth.link_issued": _fact("was given a one-time link to Meta's login"),
    "oauth.used": {
        **_tried(
            "came back from Meta's login",
            "connected with Meta again",
            "login with Meta failed",
            "login with Meta",
        ),
        "refused": "login with Meta was not taken",
    },
    "oauth.link_refused": {
        **_fact("link to Meta's login"),
        "refused": "a link to Meta's login that works no more was opened",
    },
    "secrets.rotated": _fact("encrypted what is stored with the newest key"),
    "webhook.subscribe": _tried(
        "subscribes our app", "subscribed our app", "our app was not subscribed", "subscribed our app"
    ),
    "webhook.tested": {
        **_fact("tested the webhook"),
        "ok": "tested the webhook: every part passed",
        "failed": "tested the webhook: *a part failed*",
        "unknown": "tested the webhook: *could not tell*",
    },
    "webhook.override_set": _tried(
        "sets the webhook address",
        "set the webhook address",
        "the webhook address was not set",
        "set the webhook address",
    ),
    "webhook.override_cleared": _tried(
        "clears a foreign webhook address",
        "cleared a foreign webhook address",
        "a foreign webhook address was not cleared",
        "cleared a foreign webhook address",
    ),
    "webhook.app_moved": _tried(
        ":warning: changes the webhook of the *whole app*",
        ":warning: changed the webhook of the *whole app*",
        "the webhook of the whole app was not changed",
        "changed the webhook of the *whole app*",
    ),
    "status.read_back": {
        **_fact("read the status back"),
        "ok": "read the status back: *Connected*",
        "failed": "read the status back: *not connected*",
        "unknown": "read the status back: *could not tell*",
    },
    "diagnosis.made": {
        **_fact("diagnosed"),
        "ok": "diagnosed: nothing is wrong",
        "failed": "diagnosed: a cause was found",
        "unknown": "diagnosed: *could not tell*",
    },
    "diagnosis.judged": {
        **_fact("judged a diagnosis"),
        "ok": "says that the diagnosis was *right*",
        "failed": "says that the diagnosis was *wrong*",
    },
    "diagnosis.ticket": _fact("prepared a ticket for Meta"),
    "manager.asked": _fact("asks a manager for help"),
    "budget.refused": _fact("was held back by the budget", "was held back by the budget"),
    "access.refused": _fact("was refused: not allowed", "was refused: not allowed"),
}
