"""What `whatsapp-bot doctor` looks at, one file for each place: settings, Slack, Meta, database, clock, server."""
