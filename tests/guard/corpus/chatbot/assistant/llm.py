import requests
import tiktoken
from django.conf import settings
from django.template.loader import render_to_string

from .base import ModelUnavailable


class CompletionClient:
    """One HTTP call to the LLM gateway. Knows nothing about conversations."""

    def __init__(self, url=None, key=None, model=None, timeout=40):
        conf = settings.ASSISTANT
        self.url = url or conf["API_URL"]
        self.model = model or conf["MODEL"]
        self.timeout = timeout
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {key or conf['API_KEY']}"

    def complete(self, messages, temperature=0.2):
        try:
            response = self.session.post(
                f"{self.url}/chat/completions",
                json={
                    "model": self.model,
                    "messages": messages,
                    "temperature": temperature,
                },
                timeout=self.timeout,
            )
            response.raise_for_status()
        except requests.RequestException as exc:
            raise ModelUnavailable(str(exc)) from exc
        body = response.json()
        return body["choices"][0]["message"]["content"], body["usage"]["total_tokens"]


class PromptBuilder:
    """System prompt plus as much of the history as the window holds."""

    def __init__(self, window=None, template="assistant/system.txt"):
        self.window = window or settings.ASSISTANT["WINDOW_TOKENS"]
        self.template = template
        self.encoding = tiktoken.get_encoding("cl100k_base")

    def build(self, conversation):
        system = render_to_string(
            self.template,
            {"customer": conversation.customer, "topic": conversation.topic},
        )
        left = self.window - len(self.encoding.encode(system))
        kept = []
        for message in conversation.messages.order_by("-created", "-pk"):
            left -= len(self.encoding.encode(message.text))
            if left < 0:
                break
            kept.append({"role": message.role, "content": message.text})
        return [{"role": "system", "content": system}, *reversed(kept)]
