# -*- coding: utf-8 -*-
# The customer portal is on asyncio and must not block on MySQLdb.
import inspect
import json

import aiomysql


class AsyncWorkflowEngine(object):
    """WorkflowEngine for the portal. Steps may be coroutines."""

    def __init__(self, pool, definitions):
        self.pool = pool
        self.definitions = definitions

    async def _sql(self, sql, *args):
        async with self.pool.acquire() as connection:
            async with connection.cursor() as cursor:
                await cursor.execute(sql, args)
                await connection.commit()
                return cursor.lastrowid, await cursor.fetchall()

    async def startFlow(self, flowName, subject, data=None):
        runId, rows = await self._sql(
            "INSERT INTO PORTAL_FLOW (flow, subject, step, status, data) VALUES (%s, %s, 0, 'RUNNING', %s)",
            flowName,
            subject,
            json.dumps(data or {}),
        )
        return runId

    async def advance(self, runId):
        _, rows = await self._sql(
            "SELECT flow, step, status, data FROM PORTAL_FLOW WHERE run_id = %s", runId
        )
        flowName, step, status, data = rows[0]
        steps = self.definitions[flowName]
        if status != "RUNNING" or step >= len(steps):
            return False
        data = json.loads(data)
        result = steps[step](data)
        if inspect.isawaitable(result):
            await result
        status = "DONE" if step + 1 == len(steps) else "RUNNING"
        await self._sql(
            "UPDATE PORTAL_FLOW SET step = %s, status = %s, data = %s WHERE run_id = %s",
            step + 1,
            status,
            json.dumps(data),
            runId,
        )
        return True

    async def stateOf(self, runId):
        _, rows = await self._sql(
            "SELECT status FROM PORTAL_FLOW WHERE run_id = %s", runId
        )
        return rows[0][0] if rows else None


async def moveHouse(pool, customer, address):
    async def saveAddress(data):
        await customer.setAddress(data["address"])

    def askNewRate(data):
        data["rate"] = customer.rateFor(data["address"])

    engine = AsyncWorkflowEngine(pool, {"moveHouse": [saveAddress, askNewRate]})
    runId = await engine.startFlow("moveHouse", customer.number, {"address": address})
    while await engine.advance(runId):
        pass
    return await engine.stateOf(runId)
