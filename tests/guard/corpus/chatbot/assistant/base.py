from abc import ABC, abstractmethod
from dataclasses import dataclass, field


class AssistantError(Exception):
    """Something went wrong between the customer and the model."""


class ModelUnavailable(AssistantError):
    pass


class ConversationClosed(AssistantError):
    pass


@dataclass
class Reply:
    text: str
    conversation_id: str
    tokens: int = 0
    sources: list = field(default_factory=list)


class BaseChatBot(ABC):
    """Engines named by ``settings.ASSISTANT["ENGINE"]`` derive from this."""

    @abstractmethod
    def open(self, customer, topic=""):
        """Begin a conversation and return its id."""

    @abstractmethod
    def say(self, conversation_id, text):
        """Pass the customer's words to the model, return a :class:`Reply`."""

    @abstractmethod
    def transcript(self, conversation_id):
        """All messages so far, as a list of ``(role, text)``."""

    @abstractmethod
    def close(self, conversation_id): ...
