from __future__ import annotations

import json
from datetime import datetime, timezone

import aioboto3

from .model import JobAlreadyExists, JobSpec, UnknownJob
from .protocols import RunsJobs
from .triggers import CronTrigger, Every, Once, Trigger


class EventBridgeJobs(RunsJobs):
    """Jobs kept and fired by AWS EventBridge, for the serverless regions (us-*).

    There nothing of ours runs all day: the rule invokes the Lambda that
    calls the job's target.
    """

    def __init__(
        self, session: aioboto3.Session, group: str, lambda_arn: str, role_arn: str
    ) -> None:
        self._session = session
        self._group = group
        self._lambda_arn = lambda_arn
        self._role_arn = role_arn

    async def add(
        self, name: str, trigger: Trigger, target: str, **kwargs: object
    ) -> JobSpec:
        spec = JobSpec(name, trigger, target, dict(kwargs))
        async with self._session.client("scheduler") as aws:
            try:
                await aws.create_schedule(
                    Name=name,
                    GroupName=self._group,
                    ScheduleExpression=_expression(trigger),
                    FlexibleTimeWindow={"Mode": "OFF"},
                    Target={
                        "Arn": self._lambda_arn,
                        "RoleArn": self._role_arn,
                        "Input": json.dumps({"target": target, "kwargs": kwargs}),
                    },
                )
            except aws.exceptions.ConflictException:
                raise JobAlreadyExists(name) from None
        return spec

    async def cancel(self, name: str) -> None:
        async with self._session.client("scheduler") as aws:
            try:
                await aws.delete_schedule(Name=name, GroupName=self._group)
            except aws.exceptions.ResourceNotFoundException:
                raise UnknownJob(name) from None

    async def next_run(self, name: str) -> datetime | None:
        async with self._session.client("scheduler") as aws:
            found = await aws.get_schedule(Name=name, GroupName=self._group)
        expression = found["ScheduleExpression"]
        if expression.startswith("cron("):
            return CronTrigger(expression[5:-1]).next_after(datetime.now(timezone.utc))
        return None

    async def start(self) -> None:
        async with self._session.client("scheduler") as aws:
            await aws.get_schedule_group(Name=self._group)

    async def stop(self) -> None:
        return None


def _expression(trigger: Trigger) -> str:
    match trigger:
        case Every(interval=interval):
            return f"rate({int(interval.total_seconds() // 60)} minutes)"
        case Once(at=at):
            return f"at({at:%Y-%m-%dT%H:%M:%S})"
        case CronTrigger(expression=expression):
            return f"cron({expression})"
    raise TypeError(trigger)
