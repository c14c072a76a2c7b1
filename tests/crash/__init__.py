"""The proof of safety: the real bot, killed anywhere, and what must hold afterwards."""
