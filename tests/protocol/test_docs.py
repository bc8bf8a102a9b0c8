"""What PROTOCOL.md and its neighbours say is true."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from goldenpath.errors import RemoteProtocolError
from goldenpath.protocol._close_codes import CloseCode, ComeBack
from goldenpath.protocol._codec import (
    decode_client_frame,
    decode_server_frame,
    encode_frame,
)
from goldenpath.protocol._events import EVENT_TYPES
from goldenpath.protocol._frames import (
    AnyClientFrame,
    AnyServerFrame,
    ErrorFrame,
    EventFrame,
    Live,
    Result,
    Snapshot,
)
from goldenpath.protocol._lifecycle import State
from goldenpath.protocol._replica import Applied, Replica

ROOT = Path(__file__).parent.parent.parent
PROTOCOL = (ROOT / "PROTOCOL.md").read_text("utf-8")
LIFECYCLE = (ROOT / "docs/explanation/lifecycle.md").read_text("utf-8")
BLOCKS = re.findall(r"```json (client|server)\n(.*?)```", PROTOCOL, re.DOTALL)
LINES = [(who, line) for who, block in BLOCKS for line in block.splitlines()]


def _tool():
    path = ROOT / "tools" / "gen_protocol_docs.py"
    spec = importlib.util.spec_from_file_location("gen_protocol_docs", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


def test_the_generated_regions_are_fresh(capsys):
    """If not: `python tools/gen_protocol_docs.py`."""
    assert TOOL.main(["--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_stale_page_is_named_and_then_mended(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(TOOL, "ROOT", tmp_path)
    for name in TOOL.PAGES:
        page = tmp_path / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text((ROOT / name).read_text("utf-8"), "utf-8")
    page = tmp_path / "PROTOCOL.md"
    fresh = page.read_text("utf-8")
    page.write_text(fresh.replace("| 4413 |", "| 4414 |"), "utf-8")

    assert TOOL.main(["--check"]) == 1
    assert "PROTOCOL.md is stale" in capsys.readouterr().err
    assert TOOL.main([]) == 0
    assert capsys.readouterr().out == "wrote PROTOCOL.md\n"
    assert TOOL.main(["--check"]) == 0
    assert TOOL.main(["--verbose"]) == 2


def test_every_region_is_on_some_page():
    pages = "".join((ROOT / name).read_text("utf-8") for name in TOOL.PAGES)
    assert {found["name"] for found in TOOL.REGION.finditer(pages)} == set(TOOL.REGIONS)


@pytest.mark.parametrize(
    "kind",
    [
        *AnyClientFrame.__args__,
        *AnyServerFrame.__args__,
        *EVENT_TYPES.values(),
        *TOOL.VALUES,
    ],
)
def test_a_docstring_says_what_each_field_means(kind):
    """The reference and the TypeScript client's comments come from there."""
    assert set(TOOL.field_docs(kind)) == set(kind.__struct_fields__)


@pytest.mark.parametrize(
    "word",
    [
        *(kind.__struct_config__.tag for kind in AnyClientFrame.__args__),
        *(kind.__struct_config__.tag for kind in AnyServerFrame.__args__),
        *EVENT_TYPES,
    ],
)
def test_the_page_has_a_section_for_each_frame_and_event(word):
    assert f"\n### `{word}`\n" in PROTOCOL


def test_each_come_back_has_its_words():
    assert set(TOOL.COME_BACK) == set(ComeBack)
    page = (ROOT / "docs/reference/close-codes.md").read_text("utf-8")
    assert all(f"| {int(code)} |" in page for code in CloseCode)


def test_the_lifecycle_page_explains_each_state():
    for state in State:
        assert f"\n| `{state.value}` | " in LIFECYCLE


@pytest.mark.parametrize(("who", "line"), LINES)
def test_an_example_is_a_frame(who, line):
    """Each is what this side would write, but for fields in another order."""
    if who == "server":
        frame = decode_server_frame(line)
    elif '"dance"' in line:
        with pytest.raises(RemoteProtocolError, match="no frame is called 'dance'"):
            decode_client_frame(line, max_bytes=2**18, max_depth=16)
        return
    else:
        frame = decode_client_frame(line, max_bytes=2**18, max_depth=16)
    written = json.loads(encode_frame(frame))
    assert json.loads(line) == written


def test_the_examples_show_every_kind_of_frame_or_say_why_not():
    shown = {json.loads(line)["frame"] for _, line in LINES} - {"dance"}
    kinds = (*AnyClientFrame.__args__, *AnyServerFrame.__args__)
    assert {kind.__struct_config__.tag for kind in kinds} - shown == {
        # One line each, and nothing follows from them.
        *("unsubscribe", "authenticate", "acknowledge", "expiring", "revoked"),
    }


def test_the_examples_tell_one_story():
    """A device that follows them ends where they say, with one hole on the way."""
    devices: dict[str, Replica] = {}
    requests, answers, texts = [], [], []
    for who, line in LINES:
        if who == "client":
            requests += [json.loads(line).get("id")]
            continue
        frame = decode_server_frame(line)
        log = getattr(frame, "log", None)
        device = devices.setdefault(log, Replica(log)) if log else None
        match frame:
            case Snapshot():
                texts.append(device.transcript.text_of("r1"))
                device.snapshot(frame)
            case EventFrame():
                assert device.event(frame) is Applied.APPLIED, line
            case Live():
                assert device.cursor.number == frame.number
            case Result() | ErrorFrame():
                answers.append(frame.id)
    thread = devices["thread:t1"]

    assert answers == [request for request in requests if request is not None]
    assert texts[-1] == "Rooibos or camomile."
    assert thread.cursor.epoch == "e2"
    assert len(thread.transcript.items) == 1
