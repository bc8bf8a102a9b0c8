"""Answers and errors in JSON, in one shape, and requests read with care."""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from goldenpath._ids import new_id
from goldenpath.asgi._handshake import require_no_credential_in_url
from goldenpath.errors import (
    AuthError,
    RefusedError,
    RemoteProtocolError,
    StorageError,
    TooManyAttemptsError,
)

_logger = logging.getLogger(__name__)

_BODY_BYTES = 16 * 1024
_STATUS = {
    "bad_message": 400,
    "authenticate": 401,
    "forbidden": 403,
    "not_found": 404,
    "not_allowed": 405,
    "conflict": 409,
    "too_large": 413,
    "unsupported": 415,
    "rate_limited": 429,
    "unavailable": 503,
}
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Body = TypeVar("Body")
Endpoint = Callable[[Any, Request], Awaitable[Response]]


def answer(
    content: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON response."""
    return Response(
        msgspec.json.encode(content),
        status_code=status,
        media_type="application/json",
        headers=_HEADERS | dict(headers or {}),
    )


def failure(
    code: str,
    message: str,
    *,
    retryable: bool = False,
    retry_after: float | None = None,
    reference: str | None = None,
) -> Response:
    """Return an error in the one shape that all errors have."""
    error: dict[str, object] = {
        "code": code,
        "message": message,
        "retryable": retryable,
    }
    headers = {}
    if retry_after is not None:
        error["retry_after"] = retry_after
        headers["Retry-After"] = str(math.ceil(retry_after))
    if reference is not None:
        error["reference"] = reference
    status = 500 if code == "internal" else _STATUS.get(code, 400)
    return answer({"error": error}, status=status, headers=headers)


async def refused(_request: Request, error: Exception) -> Response:
    """Give what the router refuses the shape of all other errors."""
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "not_allowed"}.get(error.status_code, "bad_message")
    response = failure(code, error.detail)
    response.status_code = error.status_code
    response.headers.update(error.headers or {})
    return response


def answering(endpoint: Endpoint) -> Endpoint:
    """Make an endpoint's errors answers, and refuse a credential in the URL."""

    @functools.wraps(endpoint)
    async def wrapped(self: Any, request: Request) -> Response:
        try:
            require_no_credential_in_url(request)
            return await endpoint(self, request)
        except TooManyAttemptsError as error:
            return failure(
                "rate_limited",
                str(error),
                retryable=True,
                retry_after=error.retry_after,
            )
        except AuthError as error:
            return failure("authenticate", str(error))
        except RemoteProtocolError as error:
            return failure(error.code, str(error))
        except RefusedError as error:
            return failure(
                error.code,
                str(error),
                retryable=error.retryable,
                retry_after=error.retry_after,
            )
        except StorageError as error:
            # A path may hold anything, a line feed included.
            _logger.warning("%s %r: %s", request.method, request.url.path, error)
            return failure(
                "unavailable",
                "this cannot be done right now",
                retryable=True,
                retry_after=1.0,
            )
        # It left before its request was whole, and reads no answer.
        except ClientDisconnect:
            return Response(status_code=400)
        # What went wrong stays here; the client gets a reference to it.
        except Exception as error:
            reference = new_id()[:8]
            _logger.exception(
                "%s %r, reference %s",
                request.method,
                request.url.path,
                reference,
                exc_info=error,
            )
            return failure("internal", "the server failed", reference=reference)

    return wrapped


async def body_of(request: Request, kind: type[Body]) -> Body:
    """Return a request's JSON body, typed.

    Raises:
        RefusedError: ``unsupported``: a form could come from any page.
        RemoteProtocolError: ``too_large`` or ``bad_message``.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        raise RefusedError("unsupported", "the body must be application/json")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_BYTES:
            raise RemoteProtocolError(
                "too_large", f"a body of more than {_BODY_BYTES} bytes"
            )
    try:
        return msgspec.json.decode(body, type=kind)
    # RecursionError: nested too deeply, if only in a field that nobody asked for.
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError("bad_message", str(error)) from None


def number_of(request: Request, name: str, *, default: int, most: int) -> int:
    """Return a whole number from the query.

    Raises:
        RemoteProtocolError: It is none.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 16:
        raise RemoteProtocolError("bad_message", f"{name}={text[:40]!r} is no number")
    return min(int(text), most)
