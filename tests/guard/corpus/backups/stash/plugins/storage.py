import os
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from stash.registry import registry


@registry.register("storage", "disk")
class DiskStorage:
    def __init__(self, root):
        self.root = Path(root)

    def write(self, key, data):
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        temp = path.with_suffix(".part")
        temp.write_bytes(data)
        os.replace(temp, path)

    def read(self, key):
        return (self.root / key).read_bytes()

    def exists(self, key):
        return (self.root / key).exists()

    def delete(self, key):
        (self.root / key).unlink(missing_ok=True)

    def keys(self, prefix):
        return [
            str(p.relative_to(self.root))
            for p in (self.root / prefix).rglob("*")
            if p.is_file()
        ]


@registry.register("storage", "s3")
class S3Storage:
    def __init__(self, bucket, region="eu-central-1"):
        self.bucket = bucket
        self.client = boto3.client("s3", region_name=region)

    def write(self, key, data):
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def read(self, key):
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def exists(self, key):
        try:
            self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError:
            return False
        return True

    def delete(self, key):
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def keys(self, prefix):
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        return [o["Key"] for page in pages for o in page.get("Contents", [])]
