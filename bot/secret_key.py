"""`whatsapp-bot secret-key`: print a new SECRET_KEY."""

import secrets
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """43 characters of randomness (256 bits), safe in a .env file."""
    print(secrets.token_urlsafe(32))  # noqa: T201
    return 0
