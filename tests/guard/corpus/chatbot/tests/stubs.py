import itertools

from assistant.base import BaseChatBot, ConversationClosed, Reply


class ScriptedChatBot(BaseChatBot):
    """Says the given lines one after the other."""

    def __init__(self, *lines):
        self.lines = itertools.cycle(lines or ("...",))
        self.heard = {}
        self.closed = set()

    def open(self, customer, topic=""):
        cid = str(len(self.heard) + 1)
        self.heard[cid] = []
        return cid

    def say(self, conversation_id, text):
        if conversation_id in self.closed:
            raise ConversationClosed(conversation_id)
        line = next(self.lines)
        self.heard[conversation_id] += [("user", text), ("assistant", line)]
        return Reply(line, conversation_id)

    def transcript(self, conversation_id):
        return self.heard[conversation_id]

    def close(self, conversation_id):
        self.closed.add(conversation_id)


class StubCompletion:
    """Answers in place of CompletionClient."""

    def __init__(self, answer="OK"):
        self.answer = answer
        self.calls = []

    def complete(self, messages, temperature=0.2):
        self.calls.append(messages)
        return self.answer, 7
