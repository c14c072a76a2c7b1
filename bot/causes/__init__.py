"""Why a number is not connected, or not well: every cause the bot can name, as data, and a cause found.

cause.py       the shape of a cause
meta, token, account, number, code, webhook.py    the causes
catalogue.py   all of them, in order of priority
finding.py     a cause found in one reading, with its proof
"""
