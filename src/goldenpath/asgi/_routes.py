"""The HTTP side: login, logout, tickets, threads, history, health, pages."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from goldenpath._settings import Settings
from goldenpath.asgi._answers import answer, answering, body_of, failure, number_of
from goldenpath.asgi._handshake import (
    client_address,
    comes_from_own_page,
    cookie_name,
    credentials_of,
    is_secure,
)
from goldenpath.auth._identity import Authenticator, Identity
from goldenpath.auth._password_login import PasswordAuthenticator
from goldenpath.connections._following import thread_state
from goldenpath.errors import AuthError, RefusedError, RemoteProtocolError
from goldenpath.logs._base import Log
from goldenpath.protocol._cursor import thread_log
from goldenpath.runs._threads import Threads
from goldenpath.web._pages import Asset, asset, page

_HISTORY_BYTES = 256 * 1024

Handler = Callable[[Request], Awaitable[Response]]


class _Login(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(max_length=256)]
    password: Annotated[str, msgspec.Meta(max_length=4096)]


class _Nothing(msgspec.Struct):
    pass


class _Title(msgspec.Struct):
    title: Annotated[str, msgspec.Meta(max_length=400)] = ""


class Routes:
    """HTTP endpoints; each finds out for itself who asks.

    Args:
        settings: Times and origins.
        authenticator: Says who asks.
        log: For a thread's history.
        threads: Does what people ask for.
        is_ready: Whether the server can serve now.
        lacking: Names what is down although it can.
        ended: Told the user and the handle of a session that was logged out.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        authenticator: Authenticator,
        log: Log,
        threads: Threads,
        is_ready: Callable[[], bool],
        lacking: Callable[[], Sequence[str]],
        ended: Callable[[str, str], None],
    ) -> None:
        self._settings = settings
        self._authenticator = authenticator
        self._log = log
        self._threads = threads
        self._is_ready = is_ready
        self._lacking = lacking
        self._ended = ended

    def routes(self, *, pages: bool) -> list[BaseRoute]:
        """Return the routes, with or without the bundled pages."""
        table: dict[str, dict[str, Handler]] = {
            "/ws/ticket": {"POST": self.ticket},
            "/threads": {"GET": self.threads, "POST": self.create_thread},
            "/threads/{thread}": {
                "PATCH": self.rename_thread,
                "DELETE": self.delete_thread,
            },
            "/threads/{thread}/history": {"GET": self.history},
            "/livez": {"GET": self.livez},
            "/readyz": {"GET": self.readyz},
        }
        if isinstance(self._authenticator, PasswordAuthenticator):
            table["/login"] = {"POST": self.login}
            table["/logout"] = {"POST": self.logout}
        if pages:
            table["/"] = {"GET": self.chat_page}
            table.setdefault("/login", {})["GET"] = self.login_page
            table["/static/{name:path}"] = {"GET": self.static}
        return [_route(path, handlers) for path, handlers in table.items()]

    @answering
    async def login(self, request: Request) -> Response:
        """Open a session and put its token into a cookie that no script reads."""
        assert isinstance(self._authenticator, PasswordAuthenticator)
        self._require_own_page(request)
        body = await body_of(request, _Login)
        address = client_address(request, self._settings.trusted_hops)
        token, identity = await self._authenticator.login(
            body.name, body.password, address
        )
        expires_in = self._settings.session_lasts
        response = answer(
            {
                "user": {"id": identity.user, "name": identity.name},
                "expires_in": expires_in,
            }
        )
        secure = is_secure(request, self._settings.origins)
        response.set_cookie(
            cookie_name(secure=secure),
            token,
            max_age=int(expires_in),
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )
        return response

    @answering
    async def logout(self, request: Request) -> Response:
        """End the session and its connections, everywhere."""
        assert isinstance(self._authenticator, PasswordAuthenticator)
        identity = await self._identify(request, changes=True)
        credentials = credentials_of(request, self._settings.origins)
        token = credentials.bearer or credentials.cookie or ""
        handle = await self._authenticator.logout(token)
        if handle is not None:
            self._ended(identity.user, handle)
        response = Response(status_code=204)
        secure = is_secure(request, self._settings.origins)
        response.delete_cookie(
            cookie_name(secure=secure), path="/", secure=secure, httponly=True
        )
        return response

    @answering
    async def ticket(self, request: Request) -> Response:
        """Issue a single-use ticket for opening a connection."""
        identity = await self._identify(request, changes=True)
        await body_of(request, _Nothing)
        origin = credentials_of(request, self._settings.origins).origin
        ticket = await self._authenticator.issue_ticket(identity, origin)
        return answer({"ticket": ticket, "expires_in": self._settings.ticket_lasts})

    @answering
    async def threads(self, request: Request) -> Response:
        """List the user's threads, the last used first."""
        identity = await self._identify(request)
        limit = number_of(request, "limit", default=50, most=200)
        before = _opened(request.query_params.get("before"))
        found, more = await self._threads.page(
            identity.user, before=before, limit=max(1, limit)
        )
        last = found[-1] if more else None
        return answer(
            {
                "threads": found,
                "next": None if last is None else _sealed(last.updated_at, last.id),
            }
        )

    @answering
    async def create_thread(self, request: Request) -> Response:
        """Make a thread."""
        identity = await self._identify(request, changes=True)
        body = await body_of(request, _Title)
        summary = await self._threads.create(identity.user, body.title)
        return answer(summary, status=201)

    @answering
    async def rename_thread(self, request: Request) -> Response:
        """Give a thread another title."""
        identity = await self._identify(request, changes=True)
        body = await body_of(request, _Title)
        return answer(
            await self._threads.rename(
                identity.user, request.path_params["thread"], body.title
            )
        )

    @answering
    async def delete_thread(self, request: Request) -> Response:
        """Remove a thread and stop what runs in it."""
        identity = await self._identify(request, changes=True)
        await self._threads.delete(identity.user, request.path_params["thread"])
        return Response(status_code=204)

    @answering
    async def history(self, request: Request) -> Response:
        """Return events of a thread before a number, the newest that fit."""
        identity = await self._identify(request)
        thread = request.path_params["thread"]
        log = thread_log(thread)
        if not await self._log.may_read(identity.user, log):
            raise RefusedError("not_found", f"no thread {thread[:40]!r}")
        before = number_of(request, "before", default=0, most=2**53)
        limit = number_of(
            request, "limit_bytes", default=_HISTORY_BYTES // 2, most=_HISTORY_BYTES
        )
        found = await self._log.tail(
            log, max_bytes=limit * 4, before=before if before > 0 else None
        )
        state = thread_state(found, max_bytes=limit)
        return answer({"events": state.events, "before": state.before})

    async def livez(self, _request: Request) -> Response:
        """Say that the process runs; touches nothing."""
        return answer({"status": "live"})

    async def readyz(self, _request: Request) -> Response:
        """Say whether new connections are welcome; touches nothing."""
        if self._is_ready():
            lacking = self._lacking()
            if lacking:
                return answer({"status": "degraded", "lacking": lacking})
            return answer({"status": "ready"})
        return failure("unavailable", "not ready", retryable=True, retry_after=1.0)

    @answering
    async def chat_page(self, request: Request) -> Response:
        """Show the chat, or the way to the login."""
        try:
            await self._identify(request)
        except AuthError:
            return RedirectResponse("login", status_code=303)
        return _show(page("chat"))

    async def login_page(self, _request: Request) -> Response:
        """Show the login."""
        return _show(page("login"))

    async def static(self, request: Request) -> Response:
        """Return a file that the pages need."""
        found = asset(request.path_params["name"])
        if found is None:
            return failure("not_found", "no such file")
        return _show(found, request)

    async def _identify(self, request: Request, *, changes: bool = False) -> Identity:
        """Return who asks; what changes anything must come from our own page."""
        credentials = credentials_of(request, self._settings.origins)
        # A browser attaches a cookie to whatever page asks; a header it does not.
        if changes and credentials.bearer is None:
            self._require_own_page(request)
        return await self._authenticator.identify(credentials)

    def _require_own_page(self, request: Request) -> None:
        credentials = credentials_of(request, self._settings.origins)
        if not comes_from_own_page(request, credentials, self._settings.origins):
            raise RefusedError(
                "forbidden",
                f"the origin {credentials.origin!r} may not do that; "
                "the server's --origin names those that may",
            )


def _route(path: str, handlers: Mapping[str, Handler]) -> Route:
    """Return one route for all methods of a path.

    So that who asks with another one is told them all (RFC 9110, section 15.5.6).
    """

    async def handle(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await handlers[method](request)

    return Route(path, handle, methods=[*handlers])


def _show(found: Asset, request: Request | None = None) -> Response:
    headers = dict(found.headers)
    if request is not None and request.headers.get("if-none-match") == headers.get(
        "ETag"
    ):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


def _sealed(updated_at: float, thread: str) -> str:
    """Return a place in the list of threads, opaque to clients."""
    place = json.dumps([updated_at, thread]).encode()
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _opened(text: str | None) -> tuple[float, str] | None:
    if text is None:
        return None
    try:
        place = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        updated_at, thread = msgspec.json.decode(place, type=tuple[float, str])
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise RemoteProtocolError(
            "bad_message", f"before={text[:40]!r} came from no list of threads"
        ) from None
    return updated_at, thread
