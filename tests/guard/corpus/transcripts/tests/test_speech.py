from pathlib import Path

import pytest

from tests.doubles import ScriptedTranscriber
from voicebox.episodes.service import Episode, EpisodeTexts
from voicebox.speech.chunks import SegmentStitcher
from voicebox.speech.ports import Segment
from voicebox.speech.wrap import (
    CachedTranscriber,
    SilentTranscriber,
    TranscriberBuilder,
)


@pytest.mark.asyncio
async def test_episode_text():
    fake = ScriptedTranscriber({"a.mp3": "hello there"})
    text = await EpisodeTexts(fake).text_of(Episode(1, "A", Path("a.mp3"), ["Bo"]))
    assert text == "hello there"
    assert fake.asked[0][1].vocabulary == ["A", "Bo"]


@pytest.mark.asyncio
async def test_cache(tmp_path):
    audio = tmp_path / "b.mp3"
    audio.write_bytes(b"xx")
    fake = ScriptedTranscriber({"b.mp3": "once"})
    cached = CachedTranscriber(fake, tmp_path)
    await cached.transcribe(audio)
    assert (await cached.transcribe(audio)).text == "once"
    assert len(fake.asked) == 1


def test_no_url_is_silent():
    assert isinstance(TranscriberBuilder({}).build(), SilentTranscriber)


def test_overlap_is_dropped():
    stitcher = SegmentStitcher()
    stitcher.add([Segment(0, 10, "a")], 0)
    stitcher.add([Segment(0, 1, "a again"), Segment(2, 4, "b")], 8)
    assert [s.text for s in stitcher.result()] == ["a", "b"]
