"""Four hundred days later: Python imports this before any program of its own.

With this folder in ``PYTHONPATH`` the clock of a process is ahead of all others.
"""

import time

_now = time.time
time.time = lambda: _now() + 400 * 24 * 3600.0
