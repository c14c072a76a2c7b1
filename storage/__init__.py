"""What outlives a restart: one SQLite file, its tables, and plain functions of a session.

db.py       Database: write(work), read(work); one writer thread, one reader thread
errors.py   StorageError and its kinds, Conflict, NotFound
tables.py   one class a table; columns.py: times as text
flows audit (chain) outbox threads gates tokens      functions of a session, handed to the Database
schema.py   is the file of our version?   migrate.py, migrations/: bring it there
worker.py writer.py connect.py filelock.py rows.py   the machinery below Database
"""
