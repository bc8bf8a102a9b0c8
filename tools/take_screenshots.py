"""Takes the pictures in docs/images: `python tools/take_screenshots.py`.

Starts a server with the built-in tools, has a conversation in a headless browser,
and photographs it: light, dark, narrow, and the login.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
NAME, PASSWORD = "ada", "a password for pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
EARLIER = (
    "what day is 2027-01-01",
    "Convert 72 F to C",
    "how do devices stay in step?",
)
CONVERSATION = ("How many days until 2027-03-01?", "What is 15% of 240?")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}


def main() -> int:
    """Take all pictures."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        print(f"no browser; install one of {', '.join(BROWSERS)}", file=sys.stderr)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        server, url = _serve(data)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
                _photograph(browser, url)
                browser.close()
        finally:
            server.kill()
            server.wait()
    return 0


def _serve(data: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "goldenpath"]
    subprocess.run(
        [*command, "users", "add", NAME, "--password-stdin", "--data", data],
        input=PASSWORD,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port), "--data", data, "--agent", "tools"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        if "serves" in line:
            break
    return server, f"http://127.0.0.1:{port}/"


def _photograph(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=WIDE, device_scale_factor=2)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_label("Name")).to_be_visible()
    _take(page, "login")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    for text in EARLIER:
        page.keyboard.press("Control+k")
        _ask(page, text, answers=1)
    page.keyboard.press("Control+k")
    for number, text in enumerate(CONVERSATION):
        _ask(page, text, answers=number + 1)
    page.get_by_label("Message").fill("/slow 12")
    page.get_by_label("Message").press("Enter")
    expect(page.locator(".progress-text")).to_contain_text("step 4")
    _take(page, "chat-light")
    page.emulate_media(color_scheme="dark")
    _take(page, "chat-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    expect(page.locator(".prose li").first).to_be_visible()
    _take(page, "chat-narrow")
    context.close()


def _ask(page: Page, text: str, *, answers: int) -> None:
    page.get_by_label("Message").fill(text)
    page.get_by_label("Message").press("Enter")
    expect(page.locator(".run.completed")).to_have_count(answers)


def _take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    print(f"wrote docs/images/{name}.png")


if __name__ == "__main__":
    sys.exit(main())
