import pytest
from django.contrib.auth import get_user_model

from assistant.base import ConversationClosed
from assistant.bot import ChatBot
from assistant.engines import ModeratedBot
from assistant.whatsapp import WhatsAppBridge
from tests.stubs import ScriptedChatBot, StubCompletion

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return get_user_model().objects.create_user("anna")


def test_keeps_the_conversation(customer):
    bot = ChatBot(client=StubCompletion("Yes, it is."))
    cid = bot.open(customer)
    bot.say(cid, "Is my windscreen covered?")
    assert bot.transcript(cid)[1:] == [
        ("user", "Is my windscreen covered?"),
        ("assistant", "Yes, it is."),
    ]


def test_closed_is_closed(customer):
    bot = ChatBot(client=StubCompletion())
    cid = bot.open(customer)
    bot.close(cid)
    with pytest.raises(ConversationClosed):
        bot.say(cid, "Hello?")


def test_blocked_words_do_not_reach_the_bot(customer):
    inner = ScriptedChatBot("hi")
    bot = ModeratedBot(inner, StubCompletion("BLOCK"))
    cid = bot.open(customer)
    assert bot.say(cid, "...").text == ModeratedBot.refusal
    assert inner.heard[cid] == []


def test_hangup_without_talk():
    bot = ScriptedChatBot()
    WhatsAppBridge(bot, "1", "t").on_hangup("+491")
    assert not bot.closed
