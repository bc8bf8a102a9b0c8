"""Nobody looks, the lid is closed, the page was left, the server is gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from emulator import FaultProxy
from tests.browser.conftest import StartServer
from tests.support.browser import (
    IS_DOWN,
    Aside,
    Device,
    Frames,
    HiddenTab,
    Server,
    ask,
    asleep,
    is_connected,
    runs,
    say,
    shown,
    wait_pings,
    wait_until,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Visit = Callable[..., Device]

# Intervals of a server that gives a silent peer up after two seconds.
HASTY = {"heartbeat_every": 0.4, "silent_after": 2.0}

# A tab that nobody looks at may get its timers once a minute, which is never, here.
ONCE_A_MINUTE = """
    const later = window.setTimeout.bind(window);
    const held = [];
    window.setTimeout = (call, after, ...rest) => later(() => {
        if (document.hidden) held.push(() => call(...rest));
        else call(...rest);
    }, after);
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden) for (const call of held.splice(0)) call();
    });
"""


@pytest.fixture
def hasty(start_server: StartServer) -> Server:
    return start_server("agents:echo", **HASTY)


def test_f25_a_hidden_tab_keeps_its_connection(
    browser: Browser, hasty: Server, observe: Callable[..., None]
) -> None:
    """Its timers do not run; it answers pings where it hears them."""
    tab = HiddenTab(browser, hasty, ONCE_A_MINUTE)
    try:
        tab.wait_until("document.querySelector('.connectivity.connected') !== null")
        tab.hide()
        tab.evaluate("window.called = 0; setTimeout(() => { window.called = 1; }, 1)")
        before = tab.count("sent", "pong")
        # Longer than the server waits for a word.
        wait_until(lambda: tab.count("sent", "pong") > before + 10, "pings answered")
        thread = say(hasty, "while nobody looked")
        tab.wait_until("document.querySelector('.entry') !== null")
        assert tab.evaluate("document.visibilityState") == "hidden"
        assert tab.evaluate("window.called") == 0, "timers ran: this showed nothing"
        assert tab.opened == 1

        tab.show()
        tab.wait_until("window.called === 1")
        tab.evaluate(f"location.hash = '#thread={thread}'")
        tab.wait_until("document.querySelector('.run.completed') !== null")
        assert "while nobody looked" in tab.evaluate("document.body.innerText")
        assert tab.opened == 1
    finally:
        tab.close()
    observe("F25", ours="the hidden tab kept its one connection and stayed up to date")


def test_f26_a_laptop_that_slept_shows_what_it_missed(
    browser: Browser, hasty: Server, visit: Visit, observe: Callable[..., None]
) -> None:
    """The server gave it up meanwhile, and said so to nobody."""
    device = visit(hasty)
    page, frames = watched(device)
    thread = lived_in(page)
    with asleep(browser):
        say(hasty, "you slept through this", thread=thread)
        # Longer than the server waits for a word.
        wait_pings(hasty, 8)
        say(hasty, "and through this", thread=thread)

    expect(runs(page)).to_have_count(3)
    is_up_to_date(page, device)
    assert frames.opened == 2
    device.is_content(IS_DOWN)
    observe("F26", ours="it woke, connected anew, and showed all that it had missed")


def test_f26_a_path_that_died_in_the_night_is_noticed_on_waking(
    browser: Browser, hasty: Server, visit: Visit
) -> None:
    """No farewell reaches the laptop: it asks, and 3 s without an answer are enough."""
    with Aside(FaultProxy(hasty.port)) as aside:
        device = visit(hasty)
        page, frames = watched(device, at=aside.it.url)
        thread = lived_in(page)
        aside.call(aside.it.stall, "up")
        aside.call(aside.it.stall, "down")
        with asleep(browser):
            say(hasty, "you slept through this", thread=thread)
        expect(runs(page)).to_have_count(2)

        is_up_to_date(page, device)
        assert frames.opened == 2
        # It asked on the old connection before it gave that up.
        assert "resume" in [frame["frame"] for frame in frames.sent]
        device.is_content(IS_DOWN)


@pytest.mark.parametrize("is_kept", [True, False])
def test_f27_going_back_to_a_page_finds_it_alive(
    hasty: Server, visit: Visit, is_kept: bool, observe: Callable[..., None]
) -> None:
    """Whether the browser kept it as it was, or loads it anew."""
    device = visit(hasty)
    # A page that was changed on its way counts as one from elsewhere.
    device.context.grant_permissions(["local-network-access"])
    if is_kept:
        # Browsers do not keep pages that must not be stored, as ours says of itself.
        device.context.route(re.compile(r"/(#.*)?$"), without_no_store)
    page, frames = watched(device)
    thread = lived_in(page)
    page.evaluate("window.isTheSame = true")
    page.goto("about:blank")
    say(hasty, "you were elsewhere", thread=thread)
    page.go_back(wait_until="commit")

    expect(runs(page)).to_have_count(2)
    assert page.evaluate("window.isTheSame === true") is is_kept
    is_up_to_date(page, device)
    if is_kept:
        assert f"thread:{thread}" in frames.sent_of("hello")[-1]["cursors"]
    device.is_content(IS_DOWN)
    observe("F27", ours="back on the page, it connected and showed what was new")


def without_no_store(route: Route) -> None:
    response = route.fetch()
    headers = dict(response.headers)
    del headers["cache-control"]
    route.fulfill(response=response, headers=headers)


def test_a_loss_is_told_after_two_seconds_and_again_after_fifteen(
    own_server: Server, visit: Visit
) -> None:
    """A blip is nobody's business; a wait has words; nothing turns for ever."""
    device = visit(own_server)
    page, frames = watched(device)
    ask(page, "/slow 60")
    expect(page.locator(".tool.running")).to_be_visible()
    page.clock.pause_at(page.evaluate("Date.now()") + 100)
    own_server.kill()
    frames.wait_for(lambda frames: frames.closed == 1, "the loss")
    words = page.locator(".connectivity .words")
    seen = []
    for milliseconds in (1900, 200, 12_700, 300):
        page.clock.run_for(milliseconds)
        seen.append(words.inner_text())
    assert seen == [
        "Connected",
        "Reconnecting…",
        "Reconnecting…",
        "Offline, will send later",
    ]
    ask(page, "What is 3 + 4?")
    expect(page.get_by_text("Waiting to be sent")).to_be_visible()
    expect(page.locator(".spinner")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0
    page.evaluate("location.hash = '#thread=never-loaded'")
    expect(page.get_by_text("when you are connected again")).to_be_visible()
    page.evaluate("history.back()")
    expect(page.locator(".spinner")).to_be_visible()

    own_server.start()
    page.clock.resume()
    expect(is_connected(page)).to_be_visible()
    expect(runs(page).last).to_contain_text("7")
    expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
    device.is_content(IS_DOWN)


def watched(device: Device, *, at: str | None = None) -> tuple[Page, Frames]:
    """Open a page, with its frames and a clock that can be stopped."""
    page = device.context.new_page()
    device.listen(page)
    frames = Frames(page)
    page.clock.install()
    page.goto(f"{at or device.server.url}/")
    expect(is_connected(page)).to_be_visible()
    return page, frames


def lived_in(page: Page) -> str:
    """Ask something; return the thread."""
    ask(page, "before")
    expect(runs(page)).to_have_class(re.compile("completed"))
    thread: Any = page.evaluate("location.hash.replace('#thread=', '')")
    return str(thread)


def is_up_to_date(page: Page, device: Device) -> None:
    """Check that it shows what a page shows that was never away."""
    expect(is_connected(page)).to_be_visible()
    expect(page.locator(".run.completed")).to_have_count(runs(page).count())
    fresh = device.open(
        page.url.partition("/#")[2] and f"#{page.url.partition('#')[2]}"
    )
    expect(page.locator(".run.completed")).to_have_count(runs(page).count())
    expect(runs(fresh)).to_have_count(runs(page).count())
    assert shown(page) == shown(fresh)
