"""Publishes finished assets to the CDN. Runs in AWS, not at the sites."""

from __future__ import annotations

import contextlib
import time
import uuid

import boto3
from botocore.exceptions import ClientError

from foundry.assets.holds import LegalHoldLock
from foundry.coord.types import LockService


class DynamoLockClient:
    """Named locks in a DynamoDB table, with an owner and a time of expiry."""

    def __init__(self, table: str = "publish-locks", lease_seconds: int = 60) -> None:
        self.table = boto3.resource("dynamodb").Table(table)
        self.lease_seconds = lease_seconds
        self.owner = str(uuid.uuid4())

    def acquire_lock(self, resource: str, retries: int = 20) -> bool:
        for _ in range(retries):
            now = int(time.time())
            try:
                self.table.put_item(
                    Item={
                        "resource": resource,
                        "owner": self.owner,
                        "expires": now + self.lease_seconds,
                    },
                    ConditionExpression="attribute_not_exists(resource) OR expires < :now",
                    ExpressionAttributeValues={":now": now},
                )
                return True
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
            time.sleep(1)
        return False

    def release_lock(self, resource: str) -> None:
        with contextlib.suppress(ClientError):
            self.table.delete_item(
                Key={"resource": resource},
                ConditionExpression="#o = :me",
                ExpressionAttributeNames={"#o": "owner"},
                ExpressionAttributeValues={":me": self.owner},
            )


def publish(asset_id: str, path: str, bucket: str) -> None:
    locks = DynamoLockClient()
    if not locks.acquire_lock(f"asset/{asset_id}"):
        raise TimeoutError(asset_id)
    try:
        boto3.client("s3").upload_file(path, bucket, asset_id)
    finally:
        locks.release_lock(f"asset/{asset_id}")


async def withdraw(asset_id: str, locks: LockService, holds: LegalHoldLock) -> bool:
    async with locks.hold(f"asset/{asset_id}"):
        return await holds.may_delete(asset_id)
