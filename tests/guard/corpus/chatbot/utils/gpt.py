import json
import time
import urllib.error
import urllib.request

from django.conf import settings


class GPTSession:
    """Chat with GPT without any library.

    >>> gpt = GPTSession("You are a pirate.")
    >>> gpt.send("Hello")
    'Arr!'
    """

    URL = "https://api.openai.com/v1/chat/completions"

    def __init__(self, system=None, model="gpt-4", retries=3):
        self.model = model
        self.retries = retries
        self.messages = []
        if system:
            self.messages.append({"role": "system", "content": system})

    def send(self, text):
        self.messages.append({"role": "user", "content": text})
        payload = json.dumps({"model": self.model, "messages": self.messages}).encode()
        req = urllib.request.Request(
            self.URL,
            payload,
            {
                "Content-Type": "application/json",
                "Authorization": "Bearer " + settings.OPENAI_API_KEY,
            },
        )
        for attempt in range(self.retries):
            try:
                with urllib.request.urlopen(req, timeout=60) as resp:
                    answer = json.load(resp)["choices"][0]["message"]
                break
            except urllib.error.HTTPError as exc:
                if exc.code != 429 or attempt == self.retries - 1:
                    raise
                time.sleep(2**attempt)
        self.messages.append(answer)
        return answer["content"]

    def save(self, filename):
        with open(filename, "w") as fh:
            json.dump(self.messages, fh, indent=2)

    @classmethod
    def load(cls, filename):
        session = cls()
        with open(filename) as fh:
            session.messages = json.load(fh)
        return session
