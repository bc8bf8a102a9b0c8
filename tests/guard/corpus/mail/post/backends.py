import boto3
from django.core.mail.backends.base import BaseEmailBackend


class SesBackend(BaseEmailBackend):
    def open(self):
        self.client = boto3.client("ses")
        return True

    def close(self):
        self.client = None

    def send_messages(self, messages):
        for message in messages:
            self.client.send_raw_email(
                RawMessage={"Data": message.message().as_bytes()}
            )
        return len(messages)
