# -*- coding: utf-8 -*-
"""
Sagas for claims with foreign insurers (green card): steps here may have to be
undone, which core.flow cannot do.
"""

import json
import uuid

import redis


class SagaCoordinator(object):
    def __init__(self, host="cache1"):
        self.redis = redis.StrictRedis(host=host, decode_responses=True)
        self.sagas = {}

    def define(self, name, steps):
        """steps: list of (name, do, undo)"""
        self.sagas[name] = steps

    def begin(self, name, payload):
        sagaId = uuid.uuid4().hex
        self.redis.hset(
            "saga:" + sagaId,
            mapping={
                "name": name,
                "next": 0,
                "status": "active",
                "payload": json.dumps(payload),
            },
        )
        return sagaId

    def proceed(self, sagaId):
        key = "saga:" + sagaId
        saga = self.redis.hgetall(key)
        steps = self.sagas[saga["name"]]
        payload = json.loads(saga["payload"])
        for index in range(int(saga["next"]), len(steps)):
            stepName, do, undo = steps[index]
            try:
                do(payload)
            except Exception as e:
                self.redis.hset(key, mapping={"status": "undoing", "error": str(e)})
                self._rollBack(key, steps[:index], payload)
                return "undone"
            self.redis.hset(
                key, mapping={"next": index + 1, "payload": json.dumps(payload)}
            )
        self.redis.hset(key, "status", "finished")
        return "finished"

    def status(self, sagaId):
        return self.redis.hget("saga:" + sagaId, "status")

    def _rollBack(self, key, steps, payload):
        for stepName, do, undo in reversed(steps):
            if undo is not None:
                undo(payload)
        self.redis.hset(key, mapping={"status": "undone", "next": 0})


def settleGreenCard(claim, bureau):
    coordinator = SagaCoordinator()
    coordinator.define(
        "greenCard",
        [
            (
                "reserve",
                lambda p: claim.reserve(p["amount"]),
                lambda p: claim.release(p["amount"]),
            ),
            (
                "notify",
                lambda p: bureau.notify(claim.number),
                lambda p: bureau.withdraw(claim.number),
            ),
            ("pay", lambda p: bureau.pay(p["amount"]), None),
        ],
    )
    return coordinator.proceed(coordinator.begin("greenCard", {"amount": claim.amount}))
