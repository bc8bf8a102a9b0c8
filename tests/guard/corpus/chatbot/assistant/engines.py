import boto3
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

from .base import AssistantError, BaseChatBot, ModelUnavailable, Reply
from .bot import BrokerChatBot


class BedrockAgentBot(BaseChatBot):
    """For the Swiss subsidiary, whose data must stay in eu-central-2: an agent in
    Bedrock, which keeps the session itself."""

    def __init__(self, runtime=None):
        self.agent, self.alias = settings.ASSISTANT["BEDROCK_AGENT"]
        self.runtime = runtime or boto3.client(
            "bedrock-agent-runtime", region_name="eu-central-2"
        )

    def open(self, customer, topic=""):
        session = self.runtime.create_session(
            sessionMetadata={"customer": str(customer.pk), "topic": topic}
        )
        return session["sessionId"]

    def say(self, conversation_id, text):
        try:
            stream = self.runtime.invoke_agent(
                agentId=self.agent,
                agentAliasId=self.alias,
                sessionId=conversation_id,
                inputText=text,
            )
        except ClientError as exc:
            raise ModelUnavailable(str(exc)) from exc
        parts = [
            event["chunk"]["bytes"].decode()
            for event in stream["completion"]
            if "chunk" in event
        ]
        return Reply("".join(parts), conversation_id)

    def transcript(self, conversation_id):
        steps = self.runtime.list_invocation_steps(sessionIdentifier=conversation_id)[
            "invocationStepSummaries"
        ]
        return [("assistant", step["invocationStepId"]) for step in steps]

    def close(self, conversation_id):
        self.runtime.end_session(sessionIdentifier=conversation_id)


class ModeratedBot(BaseChatBot):
    """Another bot, with a look at the customer's words first."""

    refusal = "I am sorry, I cannot talk about that."
    limit = 40

    def __init__(self, bot, client):
        self.bot = bot
        self.client = client

    def open(self, customer, topic=""):
        return self.bot.open(customer, topic)

    def say(self, conversation_id, text):
        key = f"assistant:said:{conversation_id}"
        cache.add(key, 0, 3600)
        if cache.incr(key) > self.limit:
            raise AssistantError("too many messages")
        verdict, _ = self.client.complete(
            [
                {"role": "system", "content": "Answer OK or BLOCK."},
                {"role": "user", "content": text},
            ]
        )
        if verdict.strip().upper().startswith("BLOCK"):
            return Reply(self.refusal, conversation_id)
        return self.bot.say(conversation_id, text)

    def transcript(self, conversation_id):
        return self.bot.transcript(conversation_id)

    def close(self, conversation_id):
        self.bot.close(conversation_id)


class BotFactory:
    """The bot for a request: by settings, or the brokers' one."""

    def __init__(self, conf=None):
        self.conf = conf or settings.ASSISTANT

    def for_user(self, user):
        from .llm import CompletionClient

        if getattr(user, "broker", None):
            return BrokerChatBot()
        bot = import_string(self.conf["ENGINE"])()
        if self.conf.get("MODERATE"):
            bot = ModeratedBot(bot, CompletionClient())
        return bot


def get_chatbot(user=None):
    return BotFactory().for_user(user)
