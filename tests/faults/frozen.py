"""``moods`` in a process that freezes itself in the middle of a write transaction.

It does so at the first write after the file ``FREEZE`` names was made, and removes it.
"""

import os
import signal
from pathlib import Path

from moods import agent  # noqa: F401 - named on the command line

from goldenpath.storage import Database

_FLAG = Path(os.environ["FREEZE"])
_do = Database._do


def do(self, connection, job):
    """Do a job; its transaction is open before and after."""
    _do(self, connection, job)
    if _FLAG.exists():
        _FLAG.unlink()
        os.kill(os.getpid(), signal.SIGSTOP)


Database._do = do
