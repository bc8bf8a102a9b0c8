"""Pages of cases: what a rule finds and what it does not, as Markdown that is run.

A page is named after its rule. Each ``##`` is a case: prose, a concept as a ``toml``
block, and files as blocks with a path behind their language. A concept and files that
stand before the first case belong to every case that has none of its own::

    ```python app/__init__.py
    from app.ws import Manager  # finding: [GP102] "app:Manager is a second import path"
    ```

A comment says that the rule finds something in that line, and words of its message.
Of the page's own rule nothing else may be found; of others, only what is annotated is
looked at.
"""

import re
import textwrap
import tomllib
from pathlib import Path

import msgspec

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._scan import scan

CASES = Path(__file__).parent / "cases"
_BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FINDING = re.compile(r'#\s*finding:\s*\[(GP\d+)\]\s*"(.*?)"')


class Case:
    def __init__(self, page, title, text, head):
        self.rule = page.stem.upper()
        self.title = title
        self.concept = {}
        self.files = {}
        for language, path, content in (*_BLOCK.findall(head), *_BLOCK.findall(text)):
            if language == "toml" and not path:
                self.concept = tomllib.loads(content)
            elif path:
                self.files[path] = textwrap.dedent(content)

    def __repr__(self):
        return f"{self.rule}: {self.title}"

    def expected(self):
        return {
            (code, path, number, words)
            for path, content in self.files.items()
            for number, line in enumerate(content.splitlines(), 1)
            for code, words in _FINDING.findall(line)
        }

    def run(self, folder):
        """Return the findings in a tree with the case's files."""
        for path, content in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, "utf-8")
        table = dict(self.concept)
        configuration = msgspec.convert(table.pop("guard", {}), Configuration)
        table.setdefault("name", "manager")
        concept = msgspec.convert(table, Concept)
        return scan(folder, [concept], configuration, processes=1).findings

    def complaints(self, folder):
        """Return what was not found, and what was found and not expected."""
        left = list(self.run(folder))
        wrong = []
        for code, path, line, words in sorted(self.expected()):
            for finding in left:
                place = (finding.code, finding.path, finding.line)
                if place == (code, path, line) and words in finding.message:
                    left.remove(finding)
                    break
            else:
                wrong.append(f'missed: {path}:{line} {code} "{words}"')
        wrong += [
            f"not expected: {f.path}:{f.line} {f.code} {f.message}"
            for f in left
            if f.code == self.rule
        ]
        return wrong


def cases(page):
    text = page.read_text("utf-8")
    head, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    for part in parts:
        title, _, body = part.partition("\n")
        yield Case(page, title.strip(), body, head)
