import boto3


class UploadBucket:
    """Where people's uploads go."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.client = boto3.client("s3")
        self.waiting: dict[str, bytes] = {}

    def store(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=data)

    def fetch(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def remove(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=key)

    def url_for(self, key: str, seconds: int = 60) -> str:
        return self.client.generate_presigned_url(
            "get_object", {"Bucket": self.name, "Key": key}, seconds
        )
