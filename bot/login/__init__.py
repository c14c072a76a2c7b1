"""Meta's login for one person and one account: the one-time link, who comes back with it, and what is kept."""
