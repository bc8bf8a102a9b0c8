"""What a person's frames ask for, carried out for exactly that person."""

from __future__ import annotations

from goldenpath.errors import RemoteProtocolError
from goldenpath.protocol._frames import Answer, Cancel, Result, Retry, Send
from goldenpath.runs._threads import Threads

Request = Send | Cancel | Retry | Answer


async def carry_out(
    request: Request, *, user: str, device: str, threads: Threads
) -> Result:
    """Do what a frame asks for and return what it is told.

    Args:
        request: The frame.
        user: Who the connection was found to belong to; no frame says that.
        device: Which of their devices.
        threads: Does it.

    Raises:
        RefusedError: It cannot be granted.
        RemoteProtocolError: The frame does not say enough.
        StorageError: It cannot be done now.
    """
    match request:
        case Send():
            posted = await threads.post(
                user,
                request.text,
                client_message_id=request.client_message_id,
                thread=request.thread,
                device=device,
            )
        case Retry():
            posted = await threads.retry(user, request.run)
        case Cancel():
            if request.run is None and request.client_message_id is None:
                raise RemoteProtocolError(
                    "bad_message",
                    "a cancel names a run or a client_message_id",
                    request=request.id,
                )
            status = await threads.cancel(
                user, run=request.run, client_message_id=request.client_message_id
            )
            return Result(id=request.id, thread=status.thread, run=status.run)
        case Answer():
            status = await threads.answer(
                user, request.run, request.call, request.value
            )
            return Result(id=request.id, thread=status.thread, run=status.run)
    return Result(
        id=request.id,
        thread=posted.thread,
        run=posted.run,
        number=posted.number,
        client_message_id=posted.client_message_id,
    )
