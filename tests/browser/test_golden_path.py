"""The golden path as a person walks it: log in, ask, watch, and get the answer."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartServer
from tests.support.browser import (
    IS_DOWN,
    NAME,
    Device,
    Server,
    ask,
    composer,
    is_connected,
    runs,
    shown,
)
from tests.support.server import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Visit = Callable[..., Device]

# Frames reach the page when it is told so.
SLOW_SOCKET = """
const may = new Promise((resolve) => (window.letThrough = resolve));
window.WebSocket = class extends WebSocket {
  set onmessage(handler) {
    super.onmessage = handler && ((event) => may.then(() => handler(event)));
  }
};
"""


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_refused_and_the_right_one_opens_the_chat(
    server: Server, visit: Visit
) -> None:
    """Without a session the chat leads to the login, and back."""
    device = visit(server, logged_in=False)
    page = device.open("#thread=abc")
    expect(page).to_have_url(re.compile("/login"))

    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_have_text(
        "That name and password do not match."
    )
    sign_in(page)
    expect(is_connected(page)).to_be_visible()

    assert page.url == f"{server.url}/#thread=abc"
    device.is_content("401")


def test_an_answer_is_watched_from_thinking_over_a_tool_to_its_end(
    server: Server, visit: Visit
) -> None:
    """What this product is for."""
    device = visit(server)
    page = device.open()
    page.get_by_role("button", name="What is 15% of 240?").click()
    run = runs(page).first

    expect(run.locator(".thinking")).to_contain_text("Thought")
    expect(run.locator(".tool")).to_contain_text("calculate")
    expect(run.locator(".prose")).to_contain_text("36")
    expect(run).to_have_class(re.compile("completed"))
    run.locator(".tool summary").click()
    expect(run.locator(".tool-whole")).to_contain_text("Result")
    run.locator(".thinking summary").click()
    expect(run.locator(".thinking .whole")).to_be_visible()
    expect(run).to_contain_text("No language model")
    assert re.search(r"#thread=[\w-]+$", page.url)
    expect(page.locator(".entry.current")).to_contain_text("15%")
    expect(page.get_by_role("status").last).to_contain_text("36")
    device.is_content()


def test_a_message_is_on_the_screen_before_the_server_has_said_anything(
    own_server: Server, visit: Visit
) -> None:
    """Whoever writes sees at once what was written."""
    device = visit(own_server)
    page = device.open()
    expect(is_connected(page)).to_be_visible()
    own_server.freeze()
    ask(page, "What is 2 + 2?")

    expect(page.locator(".bubble")).to_have_text("What is 2 + 2?")
    expect(page.get_by_text("Sending…")).to_be_visible()
    own_server.thaw()
    expect(runs(page)).to_have_class(re.compile("completed"))
    device.is_content()


def test_a_refresh_in_the_middle_of_an_answer_loses_nothing(
    server: Server, visit: Visit
) -> None:
    """And a second tab, opened then, shows the same."""
    device = visit(server)
    page = device.open()
    ask(page, "/slow 2")
    expect(runs(page).locator(".prose li").first).to_be_visible()
    so_far = runs(page).locator(".prose").first.inner_text()

    page.reload()
    expect(runs(page).locator(".prose").first).to_contain_text(so_far.strip())
    assert page.locator(".run.running").count() == 1, "it was not the middle"
    second = device.open(page.url.removeprefix(f"{server.url}/"))
    for tab in (page, second):
        expect(runs(tab)).to_have_class(re.compile("completed"))
        expect(runs(tab)).to_contain_text("Done: round 1 of 1 is over.")

    assert shown(page) == shown(second)
    assert len(shown(page)) == 3
    device.is_content()


def test_what_is_written_before_the_server_answers_stays(
    server: Server, visit: Visit
) -> None:
    """Until then the page does not know whose words they are."""
    device = visit(server)
    device.context.add_init_script(SLOW_SOCKET)
    page = device.open()
    composer(page).fill("What is 2 + 2?")
    page.evaluate("() => letThrough()")

    expect(is_connected(page)).to_be_visible()
    expect(composer(page)).to_have_value("What is 2 + 2?")
    composer(page).press("Enter")
    expect(runs(page)).to_contain_text("4")
    device.is_content()


def test_stop_ends_a_run_and_retry_begins_it_again(
    server: Server, visit: Visit
) -> None:
    """By the button, and by Escape."""
    device = visit(server)
    page = device.open()
    ask(page, "/slow 60")
    expect(page.locator(".tool.running")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(runs(page).first).to_have_class(re.compile("cancelled"))
    expect(page.locator(".tool.stopped")).to_contain_text("Stopped")

    page.get_by_role("button", name="Retry").click()
    expect(runs(page).nth(1)).to_have_class(re.compile("running"))
    expect(page.locator(".tool.running")).to_be_visible()
    page.keyboard.press("Escape")
    expect(runs(page).nth(1)).to_have_class(re.compile("cancelled"))
    expect(page.get_by_role("button", name="Retry")).to_have_count(1)
    device.is_content()


def test_a_queued_message_is_shown_so_and_can_be_cancelled(
    server: Server, visit: Visit
) -> None:
    """One run at a time in a thread."""
    device = visit(server)
    page = device.open()
    ask(page, "/slow 60")
    expect(page.locator(".tool.running")).to_be_visible()
    ask(page, "What is 1 + 1?")
    expect(page.get_by_text("Queued")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(runs(page).nth(1)).to_have_class(re.compile("cancelled"))
    expect(page.get_by_text("Queued")).to_have_count(0)
    expect(runs(page).first).to_have_class(re.compile("running"))
    page.get_by_role("button", name="Stop").click()
    expect(runs(page).first).to_have_class(re.compile("cancelled"))
    device.is_content()


def test_a_question_is_answered_with_a_button(server: Server, visit: Visit) -> None:
    """The run waits for it."""
    device = visit(server)
    page = device.open()
    ask(page, "/ask")
    page.get_by_role("button", name="Blue").click()

    expect(runs(page)).to_contain_text("You answered Blue. Thank you.")
    device.is_content()


def test_a_failure_is_told_in_words(server: Server, visit: Visit) -> None:
    """With what there was until then, and a way on."""
    device = visit(server)
    page = device.open()
    ask(page, "/fail")

    expect(page.locator(".ending")).to_contain_text("Failed, as asked")
    expect(runs(page)).to_contain_text("This is as far as I get")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    device.is_content()


def test_a_thread_is_renamed_and_deleted_on_every_device(
    server: Server, visit: Visit
) -> None:
    """The list is a fold over the user's log."""
    device = visit(server)
    page = device.open()
    ask(page, "What is 7 * 191?")
    expect(runs(page)).to_have_class(re.compile("completed"))
    second = device.open()
    expect(second.get_by_role("link", name="What is 7 * 191?")).to_be_visible()

    page.bring_to_front()
    page.locator(".entry.current").hover()
    page.get_by_role("button", name="Rename What is 7 * 191?").click()
    page.get_by_label("New title").fill("Sums")
    page.get_by_label("New title").press("Enter")
    expect(second.get_by_role("link", name="Sums")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sums")

    page.locator(".entry.current").hover()
    page.get_by_role("button", name="Delete Sums").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Sums")).to_be_visible()
    page.locator(".entry.current").hover()
    page.get_by_role("button", name="Delete Sums").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    for tab in (page, second):
        expect(tab.get_by_role("link", name="Sums")).to_have_count(0)
    expect(page.get_by_text("What would you like to know?")).to_be_visible()
    device.is_content()


def test_a_server_that_was_killed_interrupts_the_run_and_the_page_comes_back(
    own_server: Server, visit: Visit
) -> None:
    """By itself, with all that was seen, and a retry."""
    server = own_server
    device = visit(server)
    page = device.open()
    ask(page, "/slow 2")
    expect(runs(page).locator(".prose li").first).to_be_visible()
    so_far = runs(page).locator(".prose").first.inner_text()
    server.end(signal.SIGKILL)
    server.start()

    expect(runs(page)).to_have_class(re.compile("interrupted"))
    expect(runs(page)).to_contain_text("Interrupted by a restart of the server")
    expect(runs(page)).to_contain_text(so_far.splitlines()[0])
    page.get_by_role("button", name="Retry").click()
    expect(runs(page).nth(1)).to_have_class(re.compile("completed"))
    expect(page.locator(".message")).to_have_count(1)
    device.is_content(IS_DOWN)

    deliver_what_was_written_without_a_server(server, device, page)


def deliver_what_was_written_without_a_server(
    server: Server, device: Device, page: Page
) -> None:
    """Shown as waiting, kept over a refresh, and then delivered exactly once."""
    second = device.open()
    server.end()
    page.bring_to_front()
    ask(page, "What is 3 + 4?")
    expect(page.get_by_text("Waiting to be sent")).to_be_visible()
    expect(page.get_by_text(re.compile("Reconnecting…|Offline"))).to_be_visible()
    # The other tab has found it in the storage, and will send it too.
    second.bring_to_front()
    ask(second, "What is 5 + 6?")
    expect(second.get_by_text("Waiting to be sent")).to_be_visible()
    server.start()

    expect(runs(page).nth(2)).to_have_class(re.compile("completed"))
    expect(runs(page).nth(2)).to_contain_text("7")
    expect(runs(second)).to_have_class(re.compile("completed"))
    expect(runs(second)).to_contain_text("11")
    expect(page.locator(".message")).to_have_count(2)
    expect(page.get_by_text("Waiting to be sent")).to_have_count(0)
    page.bring_to_front()
    page.reload()
    expect(runs(page).nth(2)).to_have_class(re.compile("completed"))
    expect(page.locator(".message")).to_have_count(2)
    expect(page.get_by_role("link", name="What is 5 + 6?")).to_have_count(1)
    left = "Object.keys(localStorage).filter((key) => key.includes('unsent')).length"
    assert page.evaluate(left) == 0
    device.is_content(IS_DOWN)


def test_older_messages_come_when_one_scrolls_up(
    start_server: StartServer, visit: Visit
) -> None:
    """A snapshot holds the newest; the rest is read when it is looked for."""
    device = visit(start_server("agents:echo"))
    page = device.open()
    texts = [f"{number} " + "lorem ipsum " * 4000 for number in range(4)]
    for text in texts:
        ask(page, text)
        # From here on it follows the thread; until then it would get a snapshot.
        expect(page.locator(".run.completed").first).to_be_visible()
    expect(page.locator(".run.completed")).to_have_count(4)
    page.reload()
    expect(page.locator(".run.completed").last).to_be_visible()
    before = page.locator(".message").count()
    assert before < 4

    page.locator(".scroller").evaluate("(element) => element.scrollTo(0, 0)")
    expect(page.get_by_text("Jump to latest")).to_be_visible()
    expect(page.locator(".message")).not_to_have_count(before)
    top = page.locator(".scroller").evaluate("(element) => element.scrollTop")
    assert top > 100, "what was looked at has moved"
    page.get_by_text("Jump to latest").click()
    expect(page.get_by_text("Jump to latest")).to_have_count(0)
    device.is_content()


def test_it_can_be_used_with_the_keyboard_alone(server: Server, visit: Visit) -> None:
    """From the login to an answer and a new chat."""
    device = visit(server, logged_in=False)
    page = device.open()
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(is_connected(page)).to_be_visible()
    expect(composer(page)).to_be_focused()
    page.keyboard.type("What is")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("6 * 7?")
    page.keyboard.press("Enter")
    expect(runs(page)).to_contain_text("42")
    expect(composer(page)).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_text("What would you like to know?")).to_be_visible()
    expect(composer(page)).to_be_focused()
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(ring) != "none"
    device.is_content()


def test_a_draft_stays_with_its_thread(server: Server, visit: Visit) -> None:
    """A refresh, or a look at another thread, loses no word."""
    device = visit(server)
    page = device.open()
    ask(page, "What is 8 * 8?")
    expect(runs(page)).to_have_class(re.compile("completed"))
    composer(page).fill("half a thought")
    page.keyboard.press("Control+k")
    expect(composer(page)).to_have_value("")
    page.go_back()
    expect(composer(page)).to_have_value("half a thought")
    page.reload()
    expect(composer(page)).to_have_value("half a thought")
    device.is_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_screen(
    server: Server, visit: Visit, tmp_path: Path, scheme: str
) -> None:
    """360 pixels, in either colours."""
    device = visit(server, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = device.open()
    expect(page.get_by_text("What would you like to know?")).to_be_visible()
    ask(page, "What is 123456789 * 987654321?")
    expect(runs(page)).to_have_class(re.compile("completed"))
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= 360
    expect(page.get_by_role("navigation", name="Chats")).to_be_hidden()
    page.get_by_role("button", name="Chats").click()
    expect(page.get_by_role("navigation", name="Chats")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Chats")).to_be_hidden()
    page.screenshot(path=tmp_path / "narrow.png")
    device.is_content()


def test_signing_out_closes_every_tab(server: Server, visit: Visit) -> None:
    """The session ends, not the page."""
    device = visit(server, logged_in=False)
    page = device.open()
    sign_in(page)
    expect(is_connected(page)).to_be_visible()
    second = device.open()
    expect(is_connected(second)).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="Sign out").click()

    for tab in (page, second):
        expect(tab.get_by_role("button", name="Sign in")).to_be_visible()
    device.is_content()
