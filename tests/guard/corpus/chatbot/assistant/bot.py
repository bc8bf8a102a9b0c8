"""
The assistant that customers (and brokers) chat with.

    bot = get_chatbot()
    cid = bot.open(request.user, topic="windscreen")
    reply = bot.say(cid, "Is my windscreen covered?")
"""

import logging

from django.db import transaction
from django.utils import timezone

from .base import BaseChatBot, ConversationClosed, Reply
from .llm import CompletionClient, PromptBuilder
from .models import Conversation, Message

logger = logging.getLogger(__name__)


class ChatBot(BaseChatBot):
    """Conversations with the language model, kept in the database."""

    greeting = "Hello! I am Kes, your insurance assistant. How can I help?"

    def __init__(self, client=None, prompts=None):
        self.client = client or CompletionClient()
        self.prompts = prompts or PromptBuilder()

    def open(self, customer, topic=""):
        conversation = Conversation.objects.create(customer=customer, topic=topic)
        conversation.messages.create(role=Message.Role.ASSISTANT, text=self.greeting)
        return str(conversation.pk)

    def say(self, conversation_id, text):
        conversation = self._get(conversation_id)
        if conversation.closed:
            raise ConversationClosed(conversation_id)
        conversation.messages.create(role=Message.Role.USER, text=text)
        answer, tokens = self.client.complete(self.prompts.build(conversation))
        with transaction.atomic():
            conversation.messages.create(
                role=Message.Role.ASSISTANT, text=answer, tokens=tokens
            )
            if not conversation.topic:
                conversation.topic = text[:120]
                conversation.save(update_fields=["topic"])
        logger.info("conversation %s: %d tokens", conversation_id, tokens)
        return Reply(answer, str(conversation.pk), tokens)

    def transcript(self, conversation_id):
        return list(self._get(conversation_id).messages.values_list("role", "text"))

    def close(self, conversation_id):
        Conversation.objects.filter(pk=conversation_id, closed=None).update(
            closed=timezone.now()
        )

    def forget(self, customer):
        """GDPR: delete everything the customer said to us."""
        deleted, _ = Conversation.objects.filter(customer=customer).delete()
        return deleted

    def _get(self, conversation_id):
        return Conversation.objects.select_related("customer").get(pk=conversation_id)


class BrokerChatBot(ChatBot):
    """For brokers: formal greeting, and the policy numbers go into the topic."""

    greeting = "Good day. Which policy is this about?"

    def open(self, customer, topic=""):
        numbers = ", ".join(
            customer.broker.policies.values_list("number", flat=True)[:5]
        )
        return super().open(customer, topic or f"policies {numbers}")
