"""A device that writes down everything that it is sent."""

from __future__ import annotations

from goldenpath.client._client import Client
from goldenpath.client._http import HTTPClient
from goldenpath.protocol._codec import decode_server_frame
from goldenpath.protocol._frames import Result, Welcome
from goldenpath.testing._checker import Witness


class WitnessClient(Client):
    """A client whose witness can be asked afterwards; see ``violations``.

    Args:
        http: Logged in.
        name: For the findings.
        device: The device's own name.
        back_off_most: Most seconds between two attempts to come back.
    """

    def __init__(
        self,
        http: HTTPClient,
        *,
        name: str,
        device: str | None = None,
        back_off_most: float = 0.5,
    ) -> None:
        super().__init__(http, device=device, back_off_most=back_off_most)
        self.witness = Witness(name)

    async def say(self, text: str, *, thread: str | None = None) -> Result:
        """Send a message and write its acknowledgement down."""
        sent = await self.send(text, thread=thread)
        self.witness.acknowledged.append(sent)
        return sent

    async def _take(self, data: str | bytes) -> None:
        frame = decode_server_frame(data)
        if frame is not None:
            self.witness.frames.append(frame)
        if isinstance(frame, Welcome):
            self.witness.may_read.add(frame.log)
        await super()._take(data)
