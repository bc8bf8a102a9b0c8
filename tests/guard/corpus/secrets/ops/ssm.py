#!/usr/bin/env python3
"""Deploy scripts take their passwords from the AWS parameter store."""

import sys
import time

import boto3
from botocore.exceptions import ClientError


class ParamStore:
    def __init__(self, env, region="eu-west-1", max_age=120):
        self.env = env
        self.ssm = boto3.client("ssm", region_name=region)
        self.max_age = max_age
        self.values = {}
        self.loaded = 0

    def load(self):
        pages = self.ssm.get_paginator("get_parameters_by_path").paginate(
            Path=f"/orchard/{self.env}/", Recursive=True, WithDecryption=True
        )
        self.values = {
            p["Name"].rsplit("/", 1)[-1]: p["Value"]
            for page in pages
            for p in page["Parameters"]
        }
        self.loaded = time.time()

    def password(self, name):
        if time.time() - self.loaded > self.max_age:
            try:
                self.load()
            except ClientError as e:
                sys.exit(f"cannot read parameters of {self.env}: {e}")
        return self.values[name]


if __name__ == "__main__":
    print(ParamStore(sys.argv[1]).password(sys.argv[2]))
