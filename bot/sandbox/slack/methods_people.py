"""Who is who and what is where: auth, users, user groups, conversations, the team."""

from collections.abc import Sequence

from bot.sandbox.slack.methods import Call, Method
from bot.sandbox.slack.model import JSON, Channel, Group, Refused, User
from bot.sandbox.slack.payloads import DOMAIN
from bot.sandbox.slack.workspace import BOT_ID, BOT_USER

_PAGE = 200


def _auth_test(call: Call) -> JSON:
    team = call.place.workspace.team_id
    return {
        "url": "https://sandbox.slack.com/",
        "team": "Sandbox",
        "user": "desk",
        "team_id": team,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _connections_open(call: Call) -> JSON:
    base = call.place.answers.base_url.replace("http://", "ws://", 1)
    return {"url": f"{base}/link?ticket={call.place.delivery.links.ticket()}&app_id=sandbox"}


def _team(call: Call) -> JSON:
    return {"team": {"id": call.place.workspace.team_id, "name": "Sandbox", "domain": DOMAIN}}


# -- users --------------------------------------------------------------------------------------------


def _user_json(user: User) -> JSON:
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_offset": 0,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "team": user.team_id,
            **({"bot_id": BOT_ID} if user.is_bot else {}),
        },
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_stranger": False,
        "locale": "en-US",
    }


def _user_info(call: Call) -> JSON:
    user = call.place.workspace.users.get(str(call.args.get("user")))
    if user is None:
        raise Refused("user_not_found")
    return {"user": _user_json(user)}


def _group(call: Call) -> Group:
    group = call.place.workspace.groups.get(str(call.args.get("usergroup")))
    if group is None or (group.disabled and not _yes(call, "include_disabled")):
        raise Refused("no_such_subteam")
    return group


def _group_users(call: Call) -> JSON:
    return {"users": list(_group(call).users)}


def _groups(call: Call) -> JSON:
    shown = [
        g for g in call.place.workspace.groups.values() if not g.disabled or _yes(call, "include_disabled")
    ]
    return {
        "usergroups": [
            {"id": g.id, "handle": g.handle, "name": g.handle, "user_count": len(g.users)} for g in shown
        ]
    }


# -- conversations -------------------------------------------------------------------------------------


def _scope(channel: Channel, action: str = "read") -> str:
    kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
    return f"{kind}:{action}"


def _channel_json(channel: Channel) -> JSON:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_im,
        "is_group": False,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": BOT_USER in channel.members,
        "is_ext_shared": False,
        "num_members": len(channel.members),
    }


def _wanted(call: Call) -> Channel:
    channel = call.place.workspace.reachable(call.text("channel"))
    call.need(_scope(channel))
    return channel


def _info(call: Call) -> JSON:
    return {"channel": _channel_json(_wanted(call))}


def _members(call: Call) -> JSON:
    return _paged(call, "members", sorted(_wanted(call).members))


def _open(call: Call) -> JSON:
    wanted = call.args.get("users") or ""
    users = wanted if isinstance(wanted, list) else str(wanted).split(",")
    if len(users) != 1 or users[0] not in call.place.workspace.users:
        raise Refused("user_not_found")
    channel = call.place.workspace.dm(users[0])
    return {"channel": {"id": channel.id}}


def _join(call: Call) -> JSON:
    channel = call.place.workspace.reachable(call.text("channel"))
    if channel.is_archived:
        raise Refused("is_archived")
    if channel.is_private or channel.is_im:
        raise Refused("method_not_supported_for_channel_type")
    channel.members.add(BOT_USER)
    return {"channel": _channel_json(channel)}


def _list(call: Call) -> JSON:
    return _paged(call, "channels", [_channel_json(c) for c in _listed(call)])


def _users_conversations(call: Call) -> JSON:
    who = str(call.args.get("user") or BOT_USER)
    return _paged(call, "channels", [_channel_json(c) for c in _listed(call) if who in c.members])


def _listed(call: Call) -> list[Channel]:
    types = str(call.args.get("types") or "public_channel").split(",")
    wanted = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}
    for kind in types:
        call.need(wanted.get(kind, "mpim:read"))
    shown = {wanted[t] for t in types if t in wanted}
    archived_too = not _yes(call, "exclude_archived")
    return [
        c
        for c in call.place.workspace.channels.values()
        if _scope(c) in shown
        and (archived_too or not c.is_archived)
        and (not c.is_private or BOT_USER in c.members)
    ]


def _yes(call: Call, name: str) -> bool:
    return call.args.get(name) in (True, 1, "1", "true", "True")


def _paged(call: Call, key: str, items: Sequence[object]) -> JSON:
    try:
        start = int(call.args.get("cursor") or 0)
        size = min(int(call.args.get("limit") or 100), _PAGE)
    except ValueError:
        raise Refused("invalid_cursor") from None
    following = str(start + size) if start + size < len(items) else ""
    return {key: items[start : start + size], "response_metadata": {"next_cursor": following}}


PEOPLE = {
    "api.test": Method(lambda call: {"args": call.args}),
    "auth.test": Method(_auth_test),
    "apps.connections.open": Method(_connections_open, by="app"),
    "team.info": Method(_team, ("team:read",), json=False),
    "users.info": Method(_user_info, ("users:read",), json=False),
    "users.conversations": Method(_users_conversations, json=False),
    "usergroups.list": Method(_groups, ("usergroups:read",), json=False),
    "usergroups.users.list": Method(_group_users, ("usergroups:read",), json=False),
    "conversations.info": Method(_info, json=False),
    "conversations.list": Method(_list, json=False),
    "conversations.members": Method(_members, json=False),
    "conversations.open": Method(_open, ("im:write",)),
    "conversations.join": Method(_join, ("channels:join",)),
}
