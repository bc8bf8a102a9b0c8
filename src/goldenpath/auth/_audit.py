"""The audit log: who got in, who did not, and what ended.

Rule 1: the fields are the arguments of :func:`audit`, and there are no others. None
        of them is a secret, or a name that somebody typed: people type passwords there.
Rule 2: one line for each, its values as JSON, so that no value can forge a line.

An operator finds it as the logger ``goldenpath.audit``. What was refused is a warning.
"""

from __future__ import annotations

import json
import logging
from typing import Literal

_logger = logging.getLogger("goldenpath.audit")

_LONGEST = 200

Event = Literal[
    "login",
    "login_refused",
    "login_limited",
    "logout",
    "session_over",
    "ticket_refused",
    "ticket_limited",
]
_EXPECTED: frozenset[Event] = frozenset(("login", "logout", "session_over"))


def audit(
    event: Event,
    *,
    user: str | None = None,
    session: str | None = None,
    address: str | None = None,
    origin: str | None = None,
    why: str | None = None,
) -> None:
    """Write one line.

    Args:
        event: What happened.
        user: The id of a user who exists.
        session: The handle of a session.
        address: Where it came from, as far as that can be believed.
        origin: The page that asked.
        why: One of a few fixed texts.
    """
    level = logging.INFO if event in _EXPECTED else logging.WARNING
    if not _logger.isEnabledFor(level):
        return
    fields = {
        "user": user,
        "session": session,
        "address": address,
        "origin": origin,
        "why": why,
    }
    known = {name: value[:_LONGEST] for name, value in fields.items() if value}
    # In ASCII: some of the other characters end a line, or hide what comes after.
    text = json.dumps(known, separators=(",", ":"))
    # As it is for whoever keeps fields instead of lines.
    extra = {"audit": {"event": event, **known}}
    _logger.log(level, "%s %s", event, text, extra=extra)
