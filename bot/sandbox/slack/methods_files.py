"""files.info: what a person put into a file input."""

from bot.sandbox.slack.methods import Call, Method
from bot.sandbox.slack.model import JSON, Refused


def _info(call: Call) -> JSON:
    file = call.place.workspace.files.told.get(call.text("file"))
    if file is None:
        raise Refused("file_not_found")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


FILES = {"files.info": Method(_info, ("files:read",), json=False)}
