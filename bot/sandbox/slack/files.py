"""Files that people put into file inputs: what Slack tells of each, and what is in it."""

import base64
import binascii
import mimetypes
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.model import JSON, Now, User

MOST_BYTES = 150_000  # of one file; Slack itself takes a gigabyte


@dataclass(frozen=True, slots=True)
class Files:
    """Every file uploaded so far, by its id."""

    clock: Now
    ids: Ids
    told: dict[str, JSON] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)

    def put(self, user: User, name: object, content: object) -> JSON:
        """Keep one; `content` in base64. The file as Slack describes it. ValueError with a sentence."""
        kept = PurePosixPath(str(name or "")).name[:255]
        if not kept:
            raise ValueError("A file needs a name.")
        try:
            data = base64.b64decode(str(content or ""), validate=True)
        except binascii.Error:
            raise ValueError(f"What is in {kept} did not arrive whole.") from None
        if len(data) > MOST_BYTES:
            raise ValueError(f"{kept} is larger than this sandbox takes ({MOST_BYTES // 1000} kB).")
        id_ = self.ids.new("F")
        self.told[id_] = self._tell(id_, user, kept, len(data))
        self.contents[id_] = data
        return self.told[id_]

    def _tell(self, id_: str, user: User, name: str, size: int) -> JSON:
        at, ending = int(self.clock.now().timestamp()), PurePosixPath(name).suffix.removeprefix(".").lower()
        link = f"https://sandbox.slack.com/files/{user.id}/{id_}/{name}"
        return {
            "id": id_,
            "created": at,
            "timestamp": at,
            "name": name,
            "title": name,
            "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "filetype": ending or "text",
            "pretty_type": ending.upper() or "Plain Text",
            "user": user.id,
            "user_team": user.team_id,
            "size": size,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": link,
            "permalink": link,
        }
