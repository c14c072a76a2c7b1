"""A Meta on loopback: stricter than the real one, and able to fail on demand.

server.FakeMeta is the door; seed makes worlds; world and the records in it are what Meta knows; routes says
which call does what; faults and control are for those who want to see trouble.
"""
