"""The bundled pages: what is served, and what is said with it."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from goldenpath.web import Asset, asset, page

PAGES = ("chat", "login")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_only_files_that_are_served(name: str) -> None:
    """A renamed file would be a blank page."""
    html = page(name).content.decode()
    wanted = re.findall(r'(?:src|href)="([^"]+)"', html)

    assert wanted
    assert all(one.startswith("static/") for one in wanted)
    assert all(asset(one.removeprefix("static/")) for one in wanted)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_script_or_style(name: str) -> None:
    """The policy would refuse it."""
    html = page(name).content.decode()

    assert "style=" not in html
    assert "<style" not in html
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_may_load_nothing_from_elsewhere(name: str) -> None:
    """What a model writes must not be able to make a request."""
    headers = page(name).headers
    policy = headers["Content-Security-Policy"].split("; ")

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "http" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_every_built_file_is_served_and_nothing_else() -> None:
    """A file that is built and not listed would be missing on the page."""
    static = resources.files("goldenpath.web").joinpath("static")
    built = {one.name for one in static.iterdir() if not one.name.endswith(".html")}

    assert {name for name in built if asset(name)} == built


@pytest.mark.parametrize(
    "name", ["", ".", "..", "chat.html", "../_pages.py", "/etc/passwd", "app.js/", "x"]
)
def test_a_name_that_is_not_listed_is_no_file(name: str) -> None:
    """A name is never a path."""
    assert asset(name) is None


def test_a_file_says_what_it_is_and_when_it_changed() -> None:
    """Browsers ask again with the tag, and get it only if it changed."""
    script = asset("app.js")

    assert isinstance(script, Asset)
    assert script.media_type.startswith("text/javascript")
    assert re.fullmatch(r'"[0-9a-f]{32}"', script.headers["ETag"])
    assert script.headers["Cache-Control"] == "no-cache"
    assert script.headers["X-Content-Type-Options"] == "nosniff"


def test_a_generated_file_says_so_in_the_beginning() -> None:
    """Nobody should repair the copy."""
    for name in (
        "app.js",
        "login.js",
        "theme.js",
        "app.css",
        "icon.svg",
        "licenses.txt",
    ):
        found = asset(name)
        assert found is not None
        assert b"enerated by `npm run build`" in found.content[:200]


def test_no_file_asks_for_anything_from_elsewhere() -> None:
    """No fonts, no counters, no content delivery network."""
    for name in ("app.css", "theme.js", "login.js"):
        found = asset(name)
        assert found is not None
        assert b"url(" not in found.content
        assert b"https://" not in found.content
