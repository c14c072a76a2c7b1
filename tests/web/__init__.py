"""The bot's own HTTP server, asked over real sockets."""
