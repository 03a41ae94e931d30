"""The servers of one office on one machine: started, watched, stopped.

`make run` and the integration tests drive the same classes, so what the tests
prove is what a newcomer gets.  Standard library and psycopg2 only; run by
Debian's own interpreter.
"""
