"""The workspace: who is in it, its channels, and everything ever posted there."""

from dataclasses import replace

from bot.sandbox.slack import values as inputs
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.happenings import Happenings
from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.model import JSON, Channel, Group, Message, Now, Refused, User

APP_ID = "A0DESK"
BOT_ID = "B0DESK"
BOT_USER = "U0DESK"
SLACKBOT = "USLACKBOT"
FOREIGN_TEAM = "T0OTHER"


class Workspace:
    """Users, channels, groups and messages, with the rules about who may see and post what."""

    def __init__(self, clock: Now, team_id: str, happenings: Happenings) -> None:
        self.clock = clock
        self.ids = Ids(clock)
        self.files = Files(clock, self.ids)
        self.team_id = team_id
        self.happenings = happenings
        self.users = {u.id: u for u in _people(team_id)}
        self.channels = {c.id: c for c in _channels(self.users)}
        self.groups = {g.id: g for g in _groups()}

    def user(self, name: str) -> User:
        """By name ("ana") or id. KeyError for a stranger."""
        plain = name.removeprefix("@")
        return next((u for u in self.users.values() if plain in (u.id, u.name)), None) or self.users[plain]

    def channel(self, name: str) -> Channel:
        """By name ("#general") or id. KeyError when there is none."""
        plain = name.removeprefix("#")
        found = next((c for c in self.channels.values() if plain in (c.id, c.name)), None)
        return found or self.channels[plain]

    def name_of(self, id_: str) -> str:
        """How a person reads a user, channel or group id."""
        if id_ in self.users:
            return f"@{self.users[id_].name}"
        if id_ in self.channels:
            return f"#{self.channels[id_].name}"
        return f"@{self.groups[id_].handle}" if id_ in self.groups else id_

    def dm(self, user_id: str) -> Channel:
        """The direct message between this person and the bot; made when it is first needed."""
        id_ = "D" + user_id.removeprefix("U")
        if id_ not in self.channels:
            members = {user_id, BOT_USER}
            self.channels[id_] = Channel(id_, f"dm-{self.users[user_id].name}", members, True, is_im=True)
            self.happenings.tell("channel", where=id_)
        return self.channels[id_]

    def add_person(self, name: str, **facts: bool | str) -> User:
        """Another member, in #general."""
        user = User(f"U0{name.upper()}", name, name.capitalize(), self.team_id)
        for key, value in facts.items():
            setattr(user, key, value)
        self.users[user.id] = user
        self.channels["C0GENERAL"].members.add(user.id)
        self.happenings.tell("joined", who=user.id, where="C0GENERAL")
        return user

    def add_channel(self, name: str, members: tuple[str, ...] = (), *, private: bool = False) -> Channel:
        """Another channel; `members` by name, the bot is in it only if "desk" is among them."""
        ids = {self.user(m).id for m in members}
        channel = Channel(f"C0{name.upper().replace('-', '')}", name, ids, private)
        self.channels[channel.id] = channel
        self.happenings.tell("channel", where=channel.id)
        return channel

    def reachable(self, wanted: str, *, for_posting: bool = False) -> Channel:
        """The channel as the bot may use it, or Slack's refusal."""
        if for_posting and wanted in self.users and wanted != BOT_USER:
            if self.users[wanted].deleted:
                raise Refused("user_disabled")
            return self.dm(wanted)
        names_allowed = for_posting and not wanted.startswith(("C", "D", "G", "U"))
        try:
            channel = self.channel(wanted) if names_allowed else self.channels[wanted]
        except KeyError:
            raise Refused("channel_not_found") from None
        if channel.is_private and BOT_USER not in channel.members:
            raise Refused("channel_not_found")
        return channel

    def postable(self, wanted: str, *, public_too: bool = False) -> Channel:
        """Where the bot may post: not archived, and a member unless `public_too` (chat:write.public)."""
        channel = self.reachable(wanted, for_posting=True)
        if channel.is_archived:
            raise Refused("is_archived")
        if BOT_USER not in channel.members and not (public_too and not channel.is_private):
            raise Refused("not_in_channel")
        return channel

    def post(self, channel: Channel, message: Message) -> Message:
        """Put it there. Its `ts` is ours to give."""
        values = inputs.initial(message.blocks, here=channel)
        message = replace(message, ts=self.ids.ts(), channel_id=channel.id, values=values)
        channel.messages.append(message)
        kind = "dm" if channel.is_im else "posted"
        kind = "ephemeral" if message.ephemeral_to else kind
        who = message.ephemeral_to or message.author
        self.happenings.tell(kind, who=who, where=channel.id, text=message.text, ts=message.ts)
        return message

    def edit(self, message: Message, text: str, blocks: list[JSON], metadata: JSON | None) -> None:
        message.text, message.blocks, message.edited = text, blocks, True
        here = self.channels[message.channel_id]
        message.values, message.trouble = inputs.initial(blocks, here=here), ""
        message.entered = {
            id_: inputs.initial(blocks, before, here=here) for id_, before in message.entered.items()
        }
        message.metadata = message.metadata if metadata is None else metadata
        self.happenings.tell("edited", who=message.author, where=message.channel_id, text=text, ts=message.ts)

    def delete(self, message: Message) -> None:
        self.channels[message.channel_id].messages.remove(message)
        self.happenings.tell("deleted", where=message.channel_id, ts=message.ts, to=message.ephemeral_to)

    def visible(self, user_id: str) -> list[Message]:
        """Every message this person can see, oldest first."""
        seen = [
            m
            for c in self.channels.values()
            if user_id in c.members
            for m in c.messages
            if m.ephemeral_to in (None, user_id)
        ]
        return sorted(seen, key=lambda m: int(m.ts.partition(".")[2]))


def _people(team: str) -> list[User]:
    return [
        User("U0ANA", "ana", "Ana Ruiz", team),
        User("U0LUIS", "luis", "Luis Ortega", team),
        User("U0MAYA", "maya", "Maya Stern", team, tz="Europe/Berlin"),
        User("U0VIK", "vik", "Vik Rao", team, tz="Asia/Kolkata"),
        User("U0ADA", "ada", "Ada Holm", team, is_admin=True),
        User("U0GUEST", "guest", "Gus Guest", team, is_restricted=True),
        User("U0FOREIGN", "foreign", "Fay Foreign", FOREIGN_TEAM),
        User(BOT_USER, "desk", "WhatsApp Desk", team, is_bot=True),
        User(SLACKBOT, "slackbot", "Slackbot", team),
    ]


def _channels(users: dict[str, User]) -> list[Channel]:
    staff = {"U0ANA", "U0LUIS", "U0MAYA", "U0VIK", "U0ADA"}
    return [
        Channel("C0GENERAL", "general", set(users)),
        Channel("C0AUDIT", "whatsapp-audit", {"U0MAYA", "U0ADA", BOT_USER}, is_private=True),
        Channel("C0RANDOM", "random", set(staff)),
        Channel("C0SECRET", "secret", {"U0ADA"}, is_private=True),
        Channel("C0OLD", "old", {*staff, BOT_USER}, is_archived=True),
    ]


def _groups() -> list[Group]:
    return [
        Group("S0OPERATORS", "wa-operators", ["U0ANA", "U0LUIS"]),
        Group("S0MANAGERS", "wa-managers", ["U0MAYA"]),
    ]
