"""Meta's error numbers, as a table: what each means, who can act, what to do, and where that is written.

row.py          one row                    auth, registration, sending, general.py    the rows
explaining.py   all of them; what was typed → its row
"""
