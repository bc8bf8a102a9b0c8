"""Everything that goldenpath raises.

::

    GoldenpathError
    ├── LocalProtocolError      this side broke the protocol: a bug here
    │   └── OrderError          an agent broke the order of a run's events
    ├── RemoteProtocolError     the peer broke it; carries the wire's error code
    ├── RefusedError            a request that cannot be granted; the same
    ├── AuthError               nobody, or not who they say
    │   └── TooManyAttemptsError
    ├── StorageError            the database cannot do it now
    ├── LogError                the log refuses it
    │   └── FencedError         the run belongs to somebody else by now
    ├── BusError                the bus cannot do it now
    ├── AgentError              an agent failed and says so to the person
    └── SettingsError           the program was started wrongly

The class decides what a program does; attributes carry the data.
"""

from __future__ import annotations


class GoldenpathError(Exception):
    """The base of all of them."""


class LocalProtocolError(GoldenpathError):
    """This side tried what the protocol forbids."""


class OrderError(LocalProtocolError):
    """An agent's event came where its run does not allow it."""


class RemoteProtocolError(GoldenpathError):
    """The peer sent what the protocol forbids.

    Args:
        code: The wire's word for it, such as ``bad_message``.
        message: What happened, with the offending value.
        request: The ``id`` of the frame that did it, if it could be read.
    """

    def __init__(self, code: str, message: str, *, request: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.request = request


class RefusedError(GoldenpathError):
    """A well-formed request that cannot be granted.

    Args:
        code: The wire's word for it, such as ``not_found``.
        message: What happened.
        retryable: Whether the same request may succeed later.
        retry_after: Seconds to wait before that, if known.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.retry_after = retry_after


class AuthError(GoldenpathError):
    """Nobody, or not who they say."""


class TooManyAttemptsError(AuthError):
    """Too many logins were tried.

    Args:
        retry_after: Seconds until the next try can succeed.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too many attempts, try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class StorageError(GoldenpathError):
    """The database cannot do it now; nothing was changed."""


class LogError(GoldenpathError):
    """The log refuses it; nothing was changed."""


class FencedError(LogError):
    """The run's fencing token is no longer the one that may write."""


class BusError(GoldenpathError):
    """The bus cannot do it now."""


class AgentError(GoldenpathError):
    """An agent cannot answer, and its text may be shown to the person.

    Args:
        message: What happened and what to do, for the person.
        retryable: Whether trying again makes sense.
    """

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


class SettingsError(GoldenpathError):
    """The program was started with settings that cannot work."""
