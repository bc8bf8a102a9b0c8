import requests
from django.conf import settings


class SmsSender:
    """Short messages to telephones."""

    def __init__(self):
        self._queue = []

    def send(self, number, text):
        answer = requests.post(settings.SMS_URL, {"to": number, "text": text[:160]})
        answer.raise_for_status()

    def send_mass(self, numbers, text):
        for number in numbers:
            self.send(number, text)

    def queue(self, number, text):
        self._queue.append((number, text))

    def credit(self):
        return requests.get(settings.SMS_URL + "/credit").json()["left"]
