"""Who is who in the workspace, and what the composer suggests to them."""

from collections.abc import Mapping

from bot.sandbox.slack.model import JSON, User
from bot.sandbox.slack.workspace import APP_ID, BOT_USER, SLACKBOT, Workspace
from bot.sandbox.world import ROLES

TEAM_NAME, TEAM_URL = "Acme", "https://sandbox.slack.com/"

# Setting that lists a person → the role it gives.
_ROLE = {
    "WHATSAPP_VIEWERS": "viewer",
    "WHATSAPP_OPERATORS": "operator",
    "WHATSAPP_MANAGERS": "manager",
    "WHATSAPP_ADMINS": "administrator",
}
_ABOUT: Mapping[str, str] = {
    "ana": "Operator: reconnects numbers",
    "luis": "No role: holds the phone of Sales",
    "maya": "Manager: reads the audit channel",
    "vik": "Viewer: may look, not touch",
    "ada": "Administrator: may do everything",
    "guest": "Guest of the workspace: no rights",
    "foreign": "Of another company, in a shared channel",
    "desk": "The bot you are trying out",
    "slackbot": "Slack itself",
}
# text, hint, about; a test compares them with the bot's own table
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("/whatsapp", "", "The menu: everything you may do."),
    ("/whatsapp status", "[number]", "Every number, worst first; or everything about one."),
    ("/whatsapp diagnose", "[number]", "What is wrong, with proof, and the one button that repairs it."),
    ("/whatsapp reconnect", "[number]", "Bring a number back: code, PIN, proof."),
    ("/whatsapp code", "[number]", "Open the code box: for whoever holds the phone."),
    ("/whatsapp refresh", "[number]", "Look at token, permissions and webhook again; repair what can be."),
    (
        "/whatsapp token",
        "[number]",
        "How the access token stands: kind, end, permissions. Managers replace it: `/whatsapp token replace`.",
    ),
    ("/whatsapp oauth", "[number]", "Reconnect with Meta: a one-time link to Meta's login."),
    (
        "/whatsapp webhook",
        "[number]",
        "Where events go, and who listens. `/whatsapp webhook test` tries it, `/whatsapp webhook fix` repairs it.",
    ),
    ("/whatsapp budget", "[number]", "Codes, tries and registrations left, and when they come back."),
    ("/whatsapp explain", "<code>", "What an error number of Meta's means, and who can do what about it."),
    ("/whatsapp help", "", "Every command that you may use."),
)


def people(workspace: Workspace) -> list[JSON]:
    """Everybody, in the order in which one would try them."""
    return [_person(user, workspace) for user in workspace.users.values() if not user.deleted]


def commands() -> list[JSON]:
    return [{"text": text, "hint": hint, "about": about} for text, hint, about in COMMANDS]


def names(workspace: Workspace) -> dict[str, str]:
    """How each id is read: "@ana", "#general". A channel's name is told to its members only."""
    ids = [*workspace.users, *workspace.groups]
    return {id_: workspace.name_of(id_) for id_ in ids}


def app() -> JSON:
    return {"id": APP_ID, "name": "WhatsApp Desk", "user": BOT_USER}


def team(workspace: Workspace) -> JSON:
    return {"id": workspace.team_id, "name": TEAM_NAME, "domain": "sandbox", "url": TEAM_URL}


def may_see_app(user: User, workspace: Workspace) -> bool:
    """The app is installed in this workspace only: people of another one have no Home and no messages there."""
    return user.team_id == workspace.team_id and is_person(user)


def is_person(user: User) -> bool:
    """Neither a bot nor Slack itself."""
    return not user.is_bot and not user.deleted and user.id != SLACKBOT


def _person(user: User, workspace: Workspace) -> JSON:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "role": _role(user, workspace),
        "about": _ABOUT.get(user.name, "No role"),
        "tz": user.tz,
        "team_id": user.team_id,
        "is_bot": not is_person(user),
    }


def _role(user: User, workspace: Workspace) -> str:
    if not is_person(user):
        return "app"
    if user.team_id != workspace.team_id:
        return "foreign"
    if user.is_restricted:
        return "guest"
    given = (role for setting, role in _ROLE.items() if ROLES[setting] == user.name)
    return next(given, "none")
