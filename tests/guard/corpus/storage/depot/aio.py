import aioboto3


class AsyncFileStorage:
    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._session = aioboto3.Session()

    async def put(self, key: str, data: bytes, kind: str = "") -> None:
        async with self._session.client("s3") as client:
            await client.put_object(Bucket=self._bucket, Key=key, Body=data)

    async def fetch(self, key: str) -> bytes:
        async with self._session.client("s3") as client:
            answer = await client.get_object(Bucket=self._bucket, Key=key)
            return await answer["Body"].read()

    async def delete(self, key: str) -> None:
        async with self._session.client("s3") as client:
            await client.delete_object(Bucket=self._bucket, Key=key)
