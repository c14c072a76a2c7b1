"""What Meta refuses, in Meta's envelope (meta-graph.md §0.4)."""

from collections.abc import Mapping

Json = dict[str, object]

DEATHS: Mapping[int, str] = {
    456: "Error validating access token: Malformed session.",
    457: "Error validating access token: The session has an invalid origin.",
    458: "Error validating access token: The user has not authorized application.",
    459: "Error validating access token: You cannot access the app till you log in to www.facebook.com "
    "and follow the instructions given.",
    460: "Error validating access token: The session has been invalidated because the user changed their "
    "password or Facebook has changed the session for security reasons.",
    461: "Error validating access token: The application was installed again; this session is void.",
    462: "Error validating access token: The session is stale.",
    463: "Error validating access token: Session has expired.",
    464: "Error validating access token: Sessions for the user are not allowed because the user is not a "
    "confirmed user.",
    465: "Error validating access token: The user is invalid: the account is disabled.",
    466: "Error validating access token: The session was revoked through the API.",
    467: "Error validating access token: This may be because the user logged out or may be due to a system "
    "error.",
    468: "Error validating access token: The session was not used for too long.",
    492: "Error validating access token: The user does not have a sufficient role on the page.",
}
"""The subcodes of 190 with Meta's words for each (meta-graph.md §6.2)."""


class MetaError(Exception):
    """An answer that is an error. `words` is what Meta means for people, `details` what it adds for us."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: int = 400,
        subcode: int = 0,
        kind: str = "OAuthException",
        title: str = "",
        words: str = "",
        details: str = "",
        transient: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.subcode = subcode
        self.kind = kind
        self.title = title
        self.words = words
        self.details = details
        self.transient = transient

    def body(self, trace: str) -> Json:
        """The envelope; what Meta leaves out when it has nothing to say is left out here too."""
        error: Json = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.words:
            error["error_user_title"] = self.title
            error["error_user_msg"] = self.words
        if self.transient:
            error["is_transient"] = True
        return {"error": error | {"fbtrace_id": trace}}


def bad_param(message: str) -> MetaError:
    return MetaError(100, f"(#100) {message}")


def no_object(method: str, node_id: str) -> MetaError:
    """Gone, wrong id or no access: Meta never says which."""
    return MetaError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{node_id}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. Please read the Graph API "
        "documentation at https://developers.facebook.com/docs/graph-api",
        subcode=33,
        kind="GraphMethodException",
    )


def no_field(name: str, node_type: str) -> MetaError:
    return bad_param(f"Tried accessing nonexisting field ({name}) on node type ({node_type})")


def no_path(rest: str) -> MetaError:
    return MetaError(2500, f"Unknown path components: /{rest}")


def no_permission(scopes: str, *, write: bool) -> MetaError:
    """A scope is missing: 200 for a write, 10 for a read."""
    if write:
        return MetaError(200, f"(#200) Requires {scopes} permission to manage the object", status=403)
    return MetaError(
        10, f"(#10) Application does not have permission for this action: {scopes} is needed", status=403
    )


def dead_token(subcode: int, *, status: int) -> MetaError:
    """190; `subcode` 0 is a token that cannot be parsed."""
    words = DEATHS.get(subcode, "Invalid OAuth access token - Cannot parse access token")
    return MetaError(190, words, subcode=subcode, status=status)


def not_a_user_call(message: str) -> MetaError:
    return MetaError(15, f"(#15) {message}")
