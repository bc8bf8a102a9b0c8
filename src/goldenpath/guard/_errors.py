"""The guard's own errors: it knows nothing of the runtime's.

* ``GuardError``: the tool cannot do what it was asked; exit status 2.

  * ``ConfigurationError``: what is written in ``pyproject.toml`` or on the command
    line makes no sense.
  * ``TreeError``: the tree cannot be read.
  * ``RepairError``: a repair cannot be written; the tree is as it was, or at the end
    of a phase.
"""

from __future__ import annotations


class GuardError(Exception):
    """The guard cannot do what it was asked."""


class ConfigurationError(GuardError):
    """Its configuration or its arguments make no sense."""


class TreeError(GuardError):
    """The tree cannot be read."""


class RepairError(GuardError):
    """A repair cannot be written; the message says how the tree was left."""
