"""The states of an access token (meta-graph.md Appendix B)."""

from enum import StrEnum


class Standing(StrEnum):
    """Shown to people; a value never changes."""

    DISCONNECTED = "disconnected"
    UNKNOWN = "could not tell"
    MISCONFIGURED = "misconfigured"
    REAUTH = "login needed"
    PERMISSIONS_MISSING = "connected, permissions missing"
    ASSET_MISSING = "connected, account missing"
    EXPIRING = "connected, expiring"
    CONNECTED = "connected"
