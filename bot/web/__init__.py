"""The bot's own HTTP server: Meta's webhook, Slack over HTTP, and what tells others how the bot is."""
