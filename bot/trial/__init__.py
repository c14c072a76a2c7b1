"""The webhook test: which address may be called, one request there, the four parts, what a failure likely means."""
