"""The webhook test, part by part."""
