from claims.texts import MailTriage
from tests.stubs import StubCompletion
from utils.gpt import GPTSession


def test_save_and_load(tmp_path):
    gpt = GPTSession("You are a pirate.")
    gpt.save(tmp_path / "s.json")
    assert GPTSession.load(tmp_path / "s.json").messages == gpt.messages


def test_triage_falls_back():
    assert MailTriage(StubCompletion("banana")).classify("a", "b") == "other"
