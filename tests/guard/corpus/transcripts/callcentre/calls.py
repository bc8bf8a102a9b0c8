"""Recorded calls: fetch, write down, hand to quality control."""

import json
import time
import urllib.request

import boto3


class CallTextExtractor:
    """Gets the text of a recorded call, by AWS Transcribe.

    The call centre's contract forbids recordings on the company's own
    servers, hence a cloud service in its own account.
    """

    def __init__(self, bucket, region="eu-central-1"):
        self.bucket = bucket
        self.s3 = boto3.client("s3", region_name=region)
        self.aws = boto3.client("transcribe", region_name=region)
        self.jobs = {}

    def submit(self, call_id, filename):
        key = f"calls/{call_id}.wav"
        self.s3.upload_file(filename, self.bucket, key)
        self.aws.start_transcription_job(
            TranscriptionJobName=call_id,
            LanguageCode="de-DE",
            Media={"MediaFileUri": f"s3://{self.bucket}/{key}"},
            Settings={"ChannelIdentification": True},
        )
        self.jobs[call_id] = "IN_PROGRESS"

    def fetch(self, call_id):
        job = self.aws.get_transcription_job(TranscriptionJobName=call_id)[
            "TranscriptionJob"
        ]
        self.jobs[call_id] = job["TranscriptionJobStatus"]
        if self.jobs[call_id] != "COMPLETED":
            return None
        with urllib.request.urlopen(job["Transcript"]["TranscriptFileUri"]) as f:
            return json.load(f)["results"]["transcripts"][0]["transcript"]

    def wait(self, call_id, poll=5):
        while (text := self.fetch(call_id)) is None:
            if self.jobs[call_id] == "FAILED":
                raise RuntimeError(call_id)
            time.sleep(poll)
        return text


def review(calls, extractor=None):
    extractor = extractor or CallTextExtractor("cc-recordings")
    for call in calls:
        extractor.submit(call["id"], call["file"])
    return {c["id"]: extractor.wait(c["id"]) for c in calls}
