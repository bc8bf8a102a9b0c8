"""The HTTP side of a server, seen from a client."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx2
import msgspec

from goldenpath.errors import AuthError, RefusedError, TooManyAttemptsError
from goldenpath.protocol._frames import EventFrame, SnapshotState, ThreadSummary

_COOKIES = ("__Host-goldenpath", "goldenpath")


class _Page(msgspec.Struct):
    threads: tuple[ThreadSummary, ...]
    next: str | None = None


class HTTPClient:
    """Logs in and asks for what needs no connection.

    Args:
        url: Where the server is, such as ``http://127.0.0.1:8000``.
        within: Seconds for each request.
    """

    def __init__(self, url: str, *, within: float = 10.0) -> None:
        self.url = url.rstrip("/")
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
        for cookie in _COOKIES:
            if token := response.cookies.get(cookie):
                self.token = token
        # The token travels in a header from now on, never as a cookie.
        self._http.cookies.clear()
        if not self.token:
            raise AuthError("the server opened no session")

    async def logout(self) -> None:
        """End the session."""
        await self._request("POST", "/logout", {})
        self.token = ""

    async def ticket(self) -> str:
        """Return a single-use ticket."""
        response = await self._request("POST", "/ws/ticket", {})
        return str(response.json()["ticket"])

    async def threads(self) -> Sequence[ThreadSummary]:
        """Return the newest threads."""
        response = await self._request("GET", "/threads")
        return msgspec.json.decode(response.content, type=_Page).threads

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
            page = msgspec.json.decode(response.content, type=SnapshotState)
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
                f"{self.url} does not answer: {error or type(error).__name__}",
                retryable=True,
            ) from error
        if response.is_success:
            return response
        raise _refusal(response)


def _refusal(response: httpx2.Response) -> AuthError | RefusedError:
    try:
        error: dict[str, Any] = response.json()["error"]
        code, message = str(error["code"]), str(error["message"])
    except (ValueError, KeyError, TypeError):
        return RefusedError(
            "bad_message", f"HTTP {response.status_code} from something else"
        )
    if code == "authenticate":
        return AuthError(message)
    if code == "rate_limited":
        return TooManyAttemptsError(float(error.get("retry_after", 1.0)))
    return RefusedError(
        code,
        message,
        retryable=bool(error.get("retryable")),
        retry_after=error.get("retry_after"),
    )
