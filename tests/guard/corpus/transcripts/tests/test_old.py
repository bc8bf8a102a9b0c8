import asyncio

from voicebox.jingles.audio import MelodyTranscriber
from voicebox.v2.engine import LiveLine, SpeechEngine


def test_full_text():
    engine = SpeechEngine("ws://vosk")
    engine._lines += [LiveLine(0, "good", True), LiveLine(1, "morning", True)]
    assert engine.full_text() == "good\nmorning"


def test_melody_defaults():
    assert MelodyTranscriber().hop == 512


def test_live_file_runs(monkeypatch):
    async def listen(self, pcm):
        yield LiveLine(0, "x", True)

    monkeypatch.setattr(SpeechEngine, "listen", listen)
    assert asyncio.run(SpeechEngine("ws://vosk").listen_file("x.wav")) == ""
