"""What was read about one number before it is judged: readings of Meta, our own records, what the checks answer.

reading.py    one question to Meta and how it ended      snapshot.py   all of it, at one moment
records.py    what the bot itself saw and tried          facts.py      questions several checks ask of a snapshot
checked.py    the answer of one check
"""
