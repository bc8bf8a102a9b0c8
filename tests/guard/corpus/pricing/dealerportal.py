"""Dealer portal, 2019 (aiohttp). Team Dealer did not want to block on the OMS database."""

import datetime
from decimal import Decimal

from aiohttp import web


class DealerQuotes:
    def __init__(self, pool, fx):
        self.pool = pool
        self.fx = fx

    async def quote(self, dealer, item, qty):
        """Net price of one item for the dealer, in his currency."""
        today = datetime.date.today()
        async with self.pool.acquire() as c:
            terms = await c.fetchrow(
                "select plist, cgroup, currency from dealer_terms where dealer=$1",
                dealer,
            )
            net = await c.fetchval(
                "select net from agreedprice where cno=$1 and ino=$2 and $3 between validfrom and validto",
                dealer,
                item,
                today,
            )
            if net is None:
                lst = await c.fetchval(
                    "select price from plitem where plist=$1 and ino=$2 and validfrom<=$3 "
                    "order by validfrom desc limit 1",
                    terms["plist"],
                    item,
                    today,
                )
                if lst is None:
                    raise web.HTTPNotFound(text="no price")
                pct = (
                    await c.fetchval(
                        "select pct from groupdisc where cgroup=$1", terms["cgroup"]
                    )
                    or 0
                )
                brk = (
                    await c.fetchval(
                        "select max(pct) from itembreak where ino=$1 and minqty<=$2",
                        item,
                        qty,
                    )
                    or 0
                )
                net = lst * (100 - pct) / 100 * (100 - brk) / 100
        return (Decimal(net) * self.fx[terms["currency"]]).quantize(Decimal("0.01"))

    async def quoteMany(self, dealer, wanted):
        out = []
        for item, qty in wanted:
            out.append(
                {
                    "item": item,
                    "qty": qty,
                    "net": str(await self.quote(dealer, item, qty)),
                }
            )
        return out


async def quoteHandler(request):
    body = await request.json()
    quotes = DealerQuotes(request.app["pool"], request.app["fx"])
    return web.json_response(await quotes.quoteMany(request["dealer"], body["lines"]))
