"""The guard's page: on a narrow screen, with a keyboard alone, and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._scan import scan
from goldenpath.guard.reports._formats import write
from tests.guard.trees import plant

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Show = Callable[..., Page]

NAME = "WebSocketConnectionManagerForEverybodyWhoListens"
CLASS = """
class {name}:
    def __init__(self):
        self._sockets = {{}}

    async def connect_user_with_everything(self, user, socket):
        self._sockets[user] = socket

    async def send_event_to_everybody_who_listens(self, user, text):
        await self._sockets[user].send_text(text)
"""
# What sticks out, but for what scrolls in itself; the lines of the picture are no text.
STICKING_OUT = """() => [...document.querySelectorAll("body *")]
    .filter((one) => !one.parentElement.closest(".wide") &&
        (one.getBoundingClientRect().right > innerWidth + 0.5 ||
            (one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 &&
                !one.matches(".wide, .paths, .paths li") &&
                getComputedStyle(one).display !== "inline")))
    .map((one) => one.outerHTML.slice(0, 200))"""
OPEN_ALL = """() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
}"""
FOCUSED = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    return [one.localName, style.outlineStyle, style.outlineWidth];
}"""


def long_names() -> dict[str, str]:
    """Return a tree of names that fit nowhere, and many of them."""
    home = f"a_package_of_great_length/realtime_communication/manager:{NAME}"
    module = home.partition(":")[0].replace("/", ".")
    files = {
        f"{home.partition(':')[0]}.py": CLASS.format(name=NAME),
        "a_package_of_great_length/__init__.py": "",
    }
    for number in range(25):
        path = f"a_package_of_great_length/compatibility_with_{'x' * 60}_{number}"
        files[f"{path}.py"] = f"from {module} import {NAME}\n"
        files[f"a_package_of_great_length/user_{number}.py"] = (
            f"from {path.replace('/', '.')} import {NAME}\n\n"
            f"manager = {NAME}()\nmanager.method_that_does_not_exist_{number}()\n"
        )
    for number in range(8):
        files[f"a_package_of_great_length/rival_of_old_{number}.py"] = CLASS.format(
            name=f"Another{NAME}{number}"
        )
    return files


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page about such a tree is."""
    folder: Path = plant(tmp_path_factory.mktemp("tree"), long_names())
    module = "a_package_of_great_length.realtime_communication.manager"
    concept = Concept(name="connection manager", home=f"{module}:{NAME}")
    page = tmp_path_factory.mktemp("page") / "guard.html"
    found = scan(folder, [concept], Configuration(), processes=1)
    page.write_text(write(found, "html"), "utf-8")
    return page.as_uri()


@pytest.fixture
def show(browser: Browser, address: str) -> Iterator[Show]:
    """Opens the page on a screen of some kind; no script of the page may be needed."""
    contexts = []

    def make(width: int = 1200, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 700, 1200])
def test_nothing_is_wider_than_the_screen(show: Show, width: int, scheme: str) -> None:
    """Also of what is unfolded; only the rivals side by side scroll, in themselves."""
    page = show(width, scheme)
    page.evaluate(OPEN_ALL)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(STICKING_OUT) == []


def test_names_of_the_picture_stay_in_their_boxes(show: Show) -> None:
    page = show()
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".picture .box")].map((one) => {
            const { left, top, right, bottom } = one.getBoundingClientRect();
            return { left, top, right, bottom };
        })"""
    )

    assert len(boxes) == 8 + 1 + 8
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert (
                one["right"] <= other["left"]
                or other["right"] <= one["left"]
                or one["bottom"] <= other["top"]
                or other["bottom"] <= one["top"]
            )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_keyboard_reaches_everything_and_shows_where_it_is(
    show: Show, scheme: str
) -> None:
    page = show(scheme=scheme)
    expected = page.locator(":is(a, summary, .wide):visible").count()
    reached = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))

    assert {name for name, *_ in reached} == {"a", "summary", "div"}
    assert {tuple(outline) for _, *outline in reached} == {("solid", "3px")}
    details = page.locator("details:not([open])").first
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


def test_on_paper_everything_is_open_and_the_ground_is_white(show: Show) -> None:
    """Also for somebody whose screen is dark."""
    page = show(700, "dark")
    folded = page.locator("details:not([open]) td").first
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "getComputedStyle(document.body).color"
    assert not folded.is_visible()
    assert page.evaluate(ground) == "rgb(20, 23, 27)"
    page.emulate_media(media="print", color_scheme="dark")

    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.evaluate(ink) == "rgb(26, 29, 33)"
    assert page.locator("details").count() > 3
    for cell in page.locator("details td").all():
        assert cell.bounding_box()["height"] > 0  # type: ignore[index]
    # Nothing scrolls on paper.
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert page.evaluate(
        "[...document.querySelectorAll('.wide')].every((one) =>"
        " one.scrollWidth <= one.clientWidth + 1)"
    )
