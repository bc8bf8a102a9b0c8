"""Live auctions of finished boards (the marketplace team's own service)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

from aiohttp import WSMsgType, web


@dataclass(slots=True)
class Bid:
    bidder: str
    amount: Decimal


@dataclass
class BidderSockets:
    """Open sockets by auction and bidder."""

    by_auction: dict[int, dict[str, web.WebSocketResponse]] = field(
        default_factory=dict
    )
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def attach(
        self, auction: int, bidder: str, ws: web.WebSocketResponse
    ) -> None:
        async with self.lock:
            self.by_auction.setdefault(auction, {})[bidder] = ws

    async def detach(self, auction: int, bidder: str) -> None:
        async with self.lock:
            self.by_auction.get(auction, {}).pop(bidder, None)

    async def tell_all(self, auction: int, event: dict) -> None:
        async with self.lock:
            sockets = list(self.by_auction.get(auction, {}).values())
        await asyncio.gather(
            *(ws.send_json(event) for ws in sockets), return_exceptions=True
        )

    async def tell(self, auction: int, bidder: str, event: dict) -> None:
        ws = self.by_auction.get(auction, {}).get(bidder)
        if ws is not None and not ws.closed:
            await ws.send_json(event)

    def count(self, auction: int) -> int:
        return len(self.by_auction.get(auction, {}))


@dataclass
class AuctionBook:
    """The bids of running auctions, highest last."""

    bids: dict[int, list[Bid]] = field(default_factory=dict)

    def place(self, auction: int, bid: Bid) -> bool:
        book = self.bids.setdefault(auction, [])
        if book and bid.amount <= book[-1].amount:
            return False
        book.append(bid)
        return True


async def bidding(request: web.Request) -> web.WebSocketResponse:
    auction, bidder = int(request.match_info["auction"]), request["user"]
    sockets: BidderSockets = request.app["bidders"]
    book: AuctionBook = request.app["book"]
    ws = web.WebSocketResponse(heartbeat=20)
    await ws.prepare(request)
    await sockets.attach(auction, bidder, ws)
    try:
        async for msg in ws:
            if msg.type is WSMsgType.TEXT:
                bid = Bid(bidder, Decimal(msg.data))
                if book.place(auction, bid):
                    await sockets.tell_all(
                        auction, {"bid": str(bid.amount), "by": bidder}
                    )
                else:
                    await sockets.tell(auction, bidder, {"refused": msg.data})
    finally:
        await sockets.detach(auction, bidder)
    return ws
