"""One person, several tabs and devices, and connections that come and go."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from goldenpath import Settings
from goldenpath.protocol import CLOSE_RULES, CloseCode, ComeBack
from goldenpath.protocol._transcript import MessageItem
from tests.browser.conftest import StartServer
from tests.support.browser import (
    Device,
    Frames,
    Server,
    aside,
    ask,
    is_connected,
    phone,
    runs,
    shown,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Visit = Callable[..., Device]

# All words for how it stands that a person could have read.
READ_ALL = """() => {
    const words = document.querySelector(".connectivity .words");
    window.read = [words.textContent];
    new MutationObserver(() => window.read.push(words.textContent))
        .observe(words, { characterData: true, childList: true, subtree: true });
}"""


def test_f46_two_tabs_and_a_phone_show_what_one_of_them_sends(
    server: Server, visit: Visit, observe: Callable[..., None]
) -> None:
    """One log, however many look at it."""
    device = visit(server)
    first = device.open()
    ask(first, "Convert 10 km to miles")
    expect(runs(first)).to_have_class(re.compile("completed"))
    second = device.open(first.url.removeprefix(f"{server.url}/"))
    expect(runs(second)).to_have_class(re.compile("completed"))
    ask(second, "How many days until 2027-03-01?")
    for tab in (first, second):
        expect(runs(tab).nth(1)).to_have_class(re.compile("completed"))

    thread = first.url.partition("#thread=")[2]
    sent = aside(lambda: send_from_a_phone(server, thread, "What is 6 * 7?"))
    for tab in (first, second):
        expect(runs(tab).nth(2)).to_have_class(re.compile("completed"))
    assert shown(first) == shown(second)
    assert [text for text in shown(first) if text in sent] == sent
    assert "What is 6 * 7?" in sent
    device.is_content()
    observe("F46", ours="both tabs and a phone showed the same, whoever had sent it")


async def send_from_a_phone(server: Server, thread: str, text: str) -> list[str]:
    """Send a message; return what people said, as the phone shows it."""
    async with phone(server) as client:
        replica = await client.follow(thread)
        sent = await client.send(text, thread=thread)
        await client.wait_run_ended(sent)
        items = replica.transcript.items
        return [item.text for item in items if isinstance(item, MessageItem)]


FATAL = {
    code: rule
    for code, rule in CLOSE_RULES.items()
    if rule.come_back in (ComeBack.NEVER, ComeBack.LOG_IN, ComeBack.RELOAD)
}


@pytest.mark.parametrize("code", FATAL, ids=lambda code: str(int(code)))
def test_f45_a_code_that_says_stop_stops_until_the_person_acts(
    server: Server, visit: Visit, code: CloseCode, observe: Callable[..., None]
) -> None:
    """Trying for ever would cost the battery, and the server."""
    opened: list[WebSocketRoute] = []

    def connect(socket: WebSocketRoute) -> None:
        opened.append(socket)
        socket.connect_to_server()

    device = visit(server)
    page = device.context.new_page()
    page.clock.install()
    page.route_web_socket(re.compile("/ws$"), connect)
    page.goto(server.url)
    expect(is_connected(page)).to_be_visible()
    rule = FATAL[code]
    opened[0].close(code=int(code))
    if rule.come_back is ComeBack.LOG_IN:
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert len(opened) == 1
        return

    is_reload = rule.come_back is ComeBack.RELOAD
    said = {4409: "too many places", 4426: "out of date"}.get(code, rule.meaning)
    expect(page.get_by_role("alert")).to_contain_text(said)
    page.clock.fast_forward("24:00:00")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.clock.fast_forward("01:00")
    assert len(opened) == 1
    expect(page.get_by_text("Not connected", exact=True)).to_be_visible()

    page.get_by_role("button", name="Reload" if is_reload else "Connect here").click()
    expect(is_connected(page)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(opened) == 2
    observe("F45", ours="it stopped, said why, and came back when the person said so")


def test_f57_a_connection_moves_in_the_middle_of_an_answer_and_nobody_sees_it(
    start_server: StartServer, visit: Visit, observe: Callable[..., None]
) -> None:
    """A host that ends requests after a while must not be felt."""
    device = visit(start_server("agents:count", max_connection_age=3.0))
    page = device.context.new_page()
    device.listen(page)
    frames = Frames(page)
    page.goto(device.server.url)
    expect(is_connected(page)).to_be_visible()
    page.evaluate(READ_ALL)
    ask(page, "to 200")
    for moves in (1, 2):
        frames.wait_for(lambda frames, n=moves: len(drained(frames)) >= n, "a move")
        ask(page, f"after {moves} to 1")
    expect(runs(page)).to_have_count(3)
    expect(runs(page).last).to_have_class(re.compile("completed"))

    answer = runs(page).first.locator(".prose").inner_text()
    assert answer.split() == [str(number) for number in range(200)]
    assert page.locator(".bubble").all_inner_texts() == [
        "to 200",
        "after 1 to 1",
        "after 2 to 1",
    ]
    assert set(page.evaluate("window.read")) == {"Connected"}
    assert {frame["reason"] for frame in drained(frames)} == {"age"}
    assert frames.opened >= 3
    assert frames.fewest_open >= 1
    again = device.open(page.url.removeprefix(f"{device.server.url}/"))
    expect(again.locator(".run.completed")).to_have_count(3)
    assert shown(again) == shown(page)
    device.is_content()
    observe("F57", ours="the page moved to the next connection and showed no gap")


def drained(frames: Frames) -> list[dict[str, object]]:
    return [frame for frame in frames.received if frame["frame"] == "draining"]


def test_f78_a_flood_of_words_reaches_the_page_in_few_frames(
    start_server: StartServer, visit: Visit, observe: Callable[..., None]
) -> None:
    """An agent that says a word at a time, and thousands of them, melts no browser."""
    words = 20_000
    settings = Settings()
    device = visit(start_server("agents:flood"))
    page = device.context.new_page()
    frames = Frames(page)
    page.goto(device.server.url)
    ask(page, str(words))
    expect(runs(page)).to_have_class(re.compile("completed"))

    events = [frame for frame in frames.received if frame["frame"] == "event"]
    of_kind: dict[str, list[dict[str, object]]] = {}
    for frame in events:
        of_kind.setdefault(frame["event"]["type"], []).append(frame)
    (ended,) = of_kind["agent_completed"]
    duration = ended["event"]["duration"]  # type: ignore[index]
    # By time, by size, and the first one that leaves at once.
    most = duration / settings.delta_every + 2 * words / settings.delta_bytes + 2
    deltas = len(of_kind["text_delta"])
    assert deltas <= most, f"{deltas} frames in {duration} s"
    assert deltas < words / 100
    assert page_text(page) == "w " * words
    observe("F78", ours="twenty thousand words came in a few hundred frames at most")


def page_text(page: Page) -> str:
    text: str = runs(page).locator(".prose").evaluate("(one) => one.text")
    return text
