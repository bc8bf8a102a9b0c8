"""What a model writes is text: it runs nothing, loads nothing and hides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import StartServer
from tests.browser.payloads import PAYLOADS
from tests.support.browser import (
    Device,
    Listener,
    Server,
    aside,
    ask,
    phone,
    runs,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

Visit = Callable[..., Device]

# Whatever of this stands in a conversation was made of somebody's text.
HARM = """(root) => {
    const all = [...document.querySelectorAll(`${root} *`)];
    const allowed = new RegExp("^(class|dir|href|target|rel|title|type|tabindex|" +
        "start|disabled|role|checked|open)$|^aria-|^data-(run|call)$");
    return {
        pwned: typeof window.__pwned,
        violations: window.__violations,
        elements: all.filter((one) => one.matches("script, img, iframe, object," +
            "embed, form, style, link, meta, base, video, audio, source, math," +
            "template, noscript, frame, gp-app, [style]:not(.bar span)"))
            .map((one) => one.outerHTML),
        attributes: all.filter((one) => !one.closest("svg"))
            .flatMap((one) => [...one.attributes].map(({ name }) => name))
            .filter((name) => !allowed.test(name)),
        links: all.filter((one) => one.matches("a")).filter((one) =>
            !["http:", "https:"].includes(one.protocol) || one.target !== "_blank" ||
            !one.rel.includes("noopener") || !one.rel.includes("noreferrer"))
            .map((one) => one.outerHTML),
    };
}"""
HARMLESS = {
    "pwned": "undefined",
    "violations": [],
    "elements": [],
    "attributes": [],
    "links": [],
}
CUT_EVERYWHERE = """(payloads) => {
    const stage = document.createElement("div");
    stage.id = "stage";
    document.body.append(stage);
    const make = (text) => {
        const element = document.createElement("gp-markdown");
        stage.append(element);
        element.text = text;
        return element;
    };
    const bad = "script, img, iframe, object, embed, form, style, link, meta, base," +
        "[onerror], [onload], [onclick], a:not([target=_blank])";
    const wrong = [], unsafe = [];
    let cuts = 0;
    for (const payload of payloads) {
        const whole = make(payload).innerHTML;
        const typed = make("");
        const characters = [...payload];
        for (let i = 0; i <= characters.length; i++) {
            const beginning = characters.slice(0, i).join("");
            const cut = make(beginning);
            typed.text = beginning;
            for (const one of [cut, typed]) {
                if (one.querySelector(bad)) unsafe.push(beginning);
            }
            if (cut.innerHTML !== typed.innerHTML) wrong.push(beginning);
            cut.text = payload;
            if (cut.innerHTML !== whole) wrong.push(payload);
            cuts += 1;
            cut.remove();
        }
    }
    return { cuts, wrong, unsafe };
}"""
WATCH = """() => {
    window.__violations = [];
    document.addEventListener("securitypolicyviolation",
        (event) => window.__violations.push(event.violatedDirective));
}"""


@pytest.fixture
def echoing(start_server: StartServer) -> Server:
    """A server whose agent says what it was told."""
    return start_server("agents:echo")


@pytest.fixture
def page(echoing: Server, visit: Visit) -> Page:
    """A page that takes note of what its policy had to forbid."""
    page = visit(echoing).open()
    page.evaluate(WATCH)
    return page


@pytest.fixture(scope="module")
def stage(browser: Browser, start_server: StartServer) -> Iterator[Page]:
    """A page on which texts are shown that no server has seen."""
    context = browser.new_context()
    device = Device(context, start_server("agents:echo"))
    device.log_in()
    yield device.open()
    context.close()


def harm(page: Page, root: str = ".transcript") -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(HARM, root)
    return found


def aimed_at(listener: Listener) -> list[str]:
    return [payload.replace("EVIL", listener.url) for payload in PAYLOADS]


def answered_with(server: Server, texts: list[str]) -> str:
    """Let the agent think, call a tool with and say each text; return the thread."""

    async def work() -> str:
        async with phone(server) as client:
            thread = None
            for text in texts:
                sent = await client.send(text, thread=thread)
                assert await client.wait_run_ended(sent) == "completed"
                thread = sent.thread
            assert thread is not None
            return thread

    return aside(work)


def say_in_markdown(page: Page, texts: list[str]) -> None:
    """Show texts below the conversation, as an answer would."""
    page.evaluate(
        """(texts) => {
            const transcript = document.querySelector(".transcript");
            for (const old of document.querySelectorAll(".transcript > .prose")) {
                old.remove();
            }
            for (const text of texts) {
                const element = document.createElement("gp-markdown");
                element.className = "prose";
                transcript.append(element);
                element.text = text;
            }
        }""",
        texts,
    )


def test_s42_nothing_that_a_model_writes_can_run(
    echoing: Server, page: Page, listener: Listener, observe: Callable[..., None]
) -> None:
    """As a message, a thought, a tool's arguments and result, a title and an answer."""
    payloads = aimed_at(listener)
    assert len(set(payloads)) >= 100
    # Several in a message; each alone below, for what an open fence swallows.
    texts = ["\n\n".join(payloads[i : i + 4]) for i in range(0, len(payloads), 4)]
    thread = answered_with(echoing, texts)
    page.evaluate("(thread) => { location.hash = `#thread=${thread}`; }", thread)
    expect(page.locator(".run.completed").last).to_be_visible()
    page.wait_for_function(
        """() => {
            const older = document.querySelector(".older");
            older?.click();
            return older === null;
        }"""
    )
    expect(page.locator(".run.completed")).to_have_count(len(texts))
    page.locator(".transcript").evaluate(
        "(all) => { for (const one of all.querySelectorAll('details')) one.open = 1; }"
    )
    assert harm(page) == HARMLESS
    say_in_markdown(page, payloads)

    assert harm(page) == HARMLESS
    assert harm(page, "gp-sidebar nav")["elements"] == []
    assert page.locator(".tool-whole pre").first.inner_text().count("__pwned")
    assert listener.requests == []
    assert page.url.startswith(echoing.url)
    observe("S42", ours=f"none of {len(payloads)} payloads ran or became an element")


def test_s42_what_a_person_writes_cannot_run_either(
    page: Page, listener: Listener
) -> None:
    """It is shown before any server has seen it, and again when it comes back."""
    text = "\n\n".join(aimed_at(listener))
    ask(page, text)
    expect(runs(page)).to_have_class(re.compile("completed"))
    assert harm(page) == HARMLESS
    assert listener.requests == []


def test_s43_a_payload_is_harmless_wherever_it_was_cut(
    page: Page, listener: Listener, observe: Callable[..., None]
) -> None:
    """The whole text is read each time: nothing grows out of two harmless halves."""
    payloads = aimed_at(listener)
    found: dict[str, Any] = page.evaluate(CUT_EVERYWHERE, payloads)

    assert found["wrong"] == []
    assert found["unsafe"] == []
    assert found["cuts"] > 5000
    assert harm(page, "#stage") == HARMLESS
    assert listener.requests == []
    observe("S43", ours="cut anywhere, a payload shows what it shows in one piece")


def test_s44_nothing_is_asked_for_until_a_person_clicks(
    echoing: Server, page: Page, listener: Listener, observe: Callable[..., None]
) -> None:
    """An address can carry a secret: neither an image nor a link may be fetched."""
    image = f"![a chart]({listener.url}/image?q=secret)"
    ask(page, f"{image} [read more]({listener.url}/link?q=secret)")
    expect(runs(page)).to_have_class(re.compile("completed"))
    links = runs(page).locator(".prose a")
    expect(links).to_have_count(2)
    # Where it leads is there to be read, for the image too.
    expect(runs(page).locator(".prose")).to_contain_text(
        f"Image: a chart ({listener.host}) read more ({listener.host})"
    )
    links.last.hover()
    links.last.focus()
    assert listener.requests == []

    # The second line of defence: the page's policy lets no image in from elsewhere.
    page.evaluate(
        """(url) => new Promise((resolve) => {
            const image = new Image();
            image.onerror = resolve;
            image.src = url;
        })""",
        f"{listener.url}/smuggled.png",
    )
    assert listener.requests == []
    assert page.evaluate("window.__violations") == ["img-src"]

    with page.context.expect_page():
        links.last.click()
    page.wait_for_function("true")
    request = listener.wait_request()
    assert request.startswith(b"GET /link?q=secret ")
    assert b"referer" not in request.lower()
    assert b"cookie" not in request.lower()
    observe("S44", ours="no request left before a person clicked a link with its host")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("[bing.com](https://g.com/)", "g.com"),
        ("[https://bank.example](https://evil.example/)", "evil.example"),
        ("[https://bank.example@evil.example](https://evil.example)", "evil.example"),
        ("[bank.example/evil.example](https://evil.example)", "evil.example"),
        ("[https://\u0430pple.com/](https://\u0430pple.com/)", "xn--pple-43d.com"),
        ("[https://evil\u202e.example](https://evil.example)", "evil.example"),
        ("[](https://evil.example)", "evil.example"),
        ("<b@bank.example> [mail](mailto:b@evil.example)", "b@evil.example"),
    ],
)
def test_s44_a_link_says_where_it_leads(stage: Page, text: str, host: str) -> None:
    """A text that looks like another address is not enough."""
    say_in_markdown(stage, [text])
    expect(stage.locator(".prose .host")).to_have_text(f" ({host})")


@pytest.mark.parametrize("text", ["https://example.org/x", "<b@example.org>"])
def test_s44_an_address_that_is_its_own_text_is_not_repeated(
    stage: Page, text: str
) -> None:
    say_in_markdown(stage, [text])
    expect(stage.locator(".prose a")).to_have_count(1)
    expect(stage.locator(".prose .host")).to_have_count(0)


HIDDEN = {
    "bidi": "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "zero width": "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e\u034f",
    "deprecated": "\u206a\u206b\u206c\u206d\u206e\u206f\ufff9\ufffa\ufffb",
    "fillers": "\u115f\u1160\u3164\uffa0\u17b4\u17b5\U0001d173\U0001bca0",
    "controls": "\x01\x07\x08\x0b\x0c\x1b\x7f\x85\x9b\u2028\u2029",
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_s45_characters_that_do_not_show_are_named(
    stage: Page, kind: str, observe: Callable[..., None]
) -> None:
    """Somebody could be deceived by what others read and they do not."""
    texts = [f"pay{character}pal" for character in HIDDEN[kind]]
    say_in_markdown(stage, [*texts, *(f"`{text}`" for text in texts)])
    marks = stage.locator(".prose .hidden-character").all_inner_texts()

    names = [f"U+{ord(character):04X}" for character in HIDDEN[kind]]
    assert marks == names * 2
    observe("S45", ours="characters that do not show are shown by their number")


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("a\u200db a\u200cb", 2),
        ("hello" + "".join(chr(0xE0000 + ord(c)) for c in "secret"), 1),
        ("\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbsctsecret"), 1),
        ("\u202egpj.exe\u202c", 2),
        ("a\ufe01\ufe02\ufe03", 1),
        ("\U0001f600" + "".join(chr(0xE0100 + byte) for byte in b"secret"), 1),
        ("\U0001f600\ufe0f\ufe0e\ufe0d", 1),
        ("\U0001f600\U000e0141", 1),
    ],
)
def test_s45_letters_that_nobody_sees_are_named(
    stage: Page, text: str, marks: int
) -> None:
    """Joiners, tags and selectors can spell out whole sentences."""
    say_in_markdown(stage, [text])
    expect(stage.locator(".prose .hidden-character")).to_have_count(marks)


def test_s45_what_people_write_is_left_alone(stage: Page) -> None:
    """Many scripts and emoji need characters that do not show by themselves."""
    scotland = "".join(chr(0xE0000 + ord(c)) for c in "gbsct") + "\U000e007f"
    texts = [
        "\U0001f469\u200d\U0001f4bb \U0001f3f3\ufe0f\u200d\U0001f308 1\ufe0f\u20e3",
        f"\U0001f3f4{scotland}",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian
        "\u0915\u094d\u200d\u0937",  # Hindi
        "\u845b\U000e0100\u57ce",  # a name with its own form of a letter
        "\u2764\ufe0f \u00a9\ufe0f \u2194\ufe0e",
        "tabs\tand\nlines, caf\u00e9, \u05e9\u05dc\u05d5\u05dd",
    ]
    say_in_markdown(stage, texts)
    expect(stage.locator(".prose .hidden-character")).to_have_count(0)


def test_s45_they_are_named_wherever_text_is_shown(echoing: Server, page: Page) -> None:
    """Not in answers only: a tool's argument is what a person approves."""
    text = "rm\u202e\u200b-rf"
    ask(page, text)
    expect(runs(page)).to_have_class(re.compile("completed"))
    for place in (".bubble", ".gist", ".tool-arguments", ".prose"):
        marks = page.locator(f"{place} .hidden-character")
        expect(marks).to_have_text(["U+202E", "U+200B"])
    # A title has none of them.
    expect(page.get_by_role("link", name="rm -rf", exact=True)).to_be_visible()
