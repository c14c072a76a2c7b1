"""Slack in, Slack out: parse, call one service, draw. Decides nothing.

front.py     the front door: guards every delivery, acknowledges it, runs the work
features.py  the list of features; one module each: status, reconnect, code, refresh, budget
wizard.py    draws a reconnect flow where its people look
views/       data → Block Kit, and back
"""
