from collections.abc import Iterator

import boto3
from botocore.client import BaseClient

from depot.errors import NotStored
from depot.stored import StoredFile


class FileStorage:
    """Files of customers, in one bucket."""

    def __init__(self, bucket: str, client: BaseClient | None = None) -> None:
        self._bucket = bucket
        self._client = client or boto3.client("s3")
        self._sizes: dict[str, int] = {}

    def put(self, key: str, data: bytes, kind: str = "") -> StoredFile:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=data)
        self._sizes[key] = len(data)
        return StoredFile(key, len(data), kind)

    def fetch(self, key: str) -> bytes:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            raise NotStored(key) from None
        return answer["Body"].read()

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)
        self._sizes.pop(key, None)

    def list_files(self, prefix: str = "") -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
            for row in page.get("Contents", ()):
                yield row["Key"]

    def url_for(self, key: str, seconds: int = 600) -> str:
        return self._client.generate_presigned_url(
            "get_object", {"Bucket": self._bucket, "Key": key}, seconds
        )

    def copy(self, source: str, target: str) -> None:
        self.put(target, self.fetch(source))
