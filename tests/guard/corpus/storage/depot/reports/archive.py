import boto3


class ReportArchive:
    def __init__(self, bucket: str) -> None:
        self.bucket = bucket
        self.s3 = boto3.client("s3")
        self.known: list[str] = []

    def put(self, key: str, data: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key="reports/" + key, Body=data)
        self.known.append(key)

    def fetch(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def list_files(self, prefix: str = "") -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [row["Key"] for row in found["Contents"]]

    def of_month(self, year: int, month: int) -> list[str]:
        return self.list_files(f"reports/{year}-{month:02}")
