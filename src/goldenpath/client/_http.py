"""The HTTP side of a server, seen from a client."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from goldenpath.errors import (
    AuthError,
    RefusedError,
    RemoteProtocolError,
    SettingsError,
    TooManyAttemptsError,
)
from goldenpath.protocol._codec import decode_server_frame
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._frames import (
    EventFrame,
    Snapshot,
    SnapshotState,
    ThreadSummary,
)

_COOKIES = ("__Host-goldenpath", "goldenpath")

Shape = TypeVar("Shape")


class _Ticket(msgspec.Struct):
    ticket: str


class _Page(msgspec.Struct):
    threads: tuple[ThreadSummary, ...]
    next: str | None = None


class HTTPClient:
    """Logs in and asks for what needs no connection.

    Args:
        url: Where the server is, such as ``http://127.0.0.1:8000``.
        within: Seconds for each request.
        allow_plain: Speak plain HTTP to another machine as well, where everybody on
            the way can read the password and the session.

    Raises:
        SettingsError: The address is none, has a credential in it, or is another
            machine's without TLS.
    """

    def __init__(
        self, url: str, *, within: float = 10.0, allow_plain: bool = False
    ) -> None:
        self.url = _checked_url(url, allow_plain=allow_plain)
        self.token = ""
        # Proxies from the environment would see every credential.
        self._http = httpx2.AsyncClient(
            base_url=self.url, timeout=within, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of open connections."""
        await self._http.aclose()

    async def login(self, name: str, password: str) -> None:
        """Open a session.

        Raises:
            AuthError: The name or the password is wrong.
            RefusedError: The server cannot do it now.
        """
        response = await self._request(
            "POST", "/login", {"name": name, "password": password}
        )
        found = [response.cookies.get(cookie) for cookie in _COOKIES]
        # The token travels in a header from now on, never as a cookie.
        self._http.cookies.clear()
        self.token = next((token for token in found if token), "")
        if not self.token:
            raise AuthError("the server opened no session")

    async def logout(self) -> None:
        """End the session."""
        await self._request("POST", "/logout", {})
        self.token = ""

    async def ticket(self) -> str:
        """Return a single-use ticket."""
        response = await self._request("POST", "/ws/ticket", {})
        return _decode(response, _Ticket).ticket

    async def threads(self) -> Sequence[ThreadSummary]:
        """Return the newest threads."""
        response = await self._request("GET", "/threads")
        return _decode(response, _Page).threads

    async def delete_thread(self, thread: str) -> None:
        """Remove a thread."""
        await self._request("DELETE", f"/threads/{thread}")

    async def history(self, thread: str) -> Sequence[EventFrame]:
        """Return all events of a thread, oldest first."""
        events: list[EventFrame] = []
        before: int | None = 0
        while before is not None:
            query = f"?before={before}" if before else ""
            response = await self._request("GET", f"/threads/{thread}/history{query}")
            page = _state(response)
            events[:0] = page.events
            before = page.before
        return events

    async def is_ready(self) -> bool:
        """Tell whether the server welcomes connections."""
        try:
            return (await self._http.get("/readyz")).status_code == 200
        except httpx2.TransportError:
            return False

    async def _request(
        self, method: str, path: str, body: object = None
    ) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        try:
            response = await self._http.request(
                method, path, content=content, headers=headers
            )
        except httpx2.TransportError as error:
            raise RefusedError(
                "unavailable",
                f"{self.url} does not answer: {str(error) or type(error).__name__}",
                retryable=True,
            ) from error
        if response.is_success:
            return response
        raise _refusal(response)


def _checked_url(url: str, *, allow_plain: bool) -> str:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises if it is no number
    except ValueError:
        is_address = False
    if not is_address or parts.query or parts.fragment:
        raise SettingsError(
            f"{url!r} is no address of a server\n\n"
            "hint: it looks like https://chat.example.com"
        )
    if parts.username is not None or parts.password is not None:
        # Not repeated here: it would be written to logs.
        raise SettingsError("an address must not have a name or password in it")
    is_loopback = _is_loopback(parts.hostname or "")
    if parts.scheme == "http" and not allow_plain and not is_loopback:
        raise SettingsError(
            f"{url!r} has no TLS: everybody on the way could read the password\n\n"
            "hint: use https://; in a network where nobody else listens, "
            "allow_plain=True or --allow-plain"
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    """Tell whether what is said to a host never leaves this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True  # RFC 6761, section 6.3
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _state(response: httpx2.Response) -> SnapshotState:
    """Read a page of events as a snapshot is read: unknown kinds do not hurt."""
    frame = {
        "frame": "snapshot",
        "log": "",
        "cursor": Cursor("", "", 0),
        "why": "new",
        "state": msgspec.Raw(response.content),
    }
    try:
        snapshot = decode_server_frame(msgspec.json.encode(frame))
    except RemoteProtocolError as error:
        raise _something_else(response) from error
    assert isinstance(snapshot, Snapshot)
    return snapshot.state


def _decode(response: httpx2.Response, shape: type[Shape]) -> Shape:
    try:
        return msgspec.json.decode(response.content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _something_else(response) from error


def _something_else(response: httpx2.Response) -> RefusedError:
    # A proxy, or a server that is going away: what is asked later may be answered.
    is_passing = response.status_code in (502, 503, 504)
    return RefusedError(
        "unavailable" if is_passing else "bad_message",
        f"HTTP {response.status_code} from something else",
        retryable=is_passing,
    )


def _refusal(response: httpx2.Response) -> AuthError | RefusedError:
    try:
        error: dict[str, Any] = response.json()["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return _something_else(response)
    if code == "authenticate":
        return AuthError(message)
    if code == "rate_limited":
        return TooManyAttemptsError(float(error.get("retry_after") or 1.0))
    return RefusedError(
        code,
        message,
        retryable=bool(error.get("retryable")),
        retry_after=error.get("retry_after"),
    )
