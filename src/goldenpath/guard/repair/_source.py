"""One file as it can be edited: what is not edited stays, byte by byte.

Rule 1: positions are those of ``ast``: lines from 1, columns from 0 in bytes of UTF-8.
Rule 2: a file whose bytes do not come back from its text is not edited.
Rule 3: an edited file must parse again, or there is no edited file.
"""

from __future__ import annotations

import ast
import bisect
import codecs
import dataclasses
import io
import re
import tokenize
from collections.abc import Collection, Iterable

from goldenpath.guard._files import decode
from goldenpath.guard._syntax import dotted

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_BLANK = b" \t\f"


class EditError(ValueError):
    """A file cannot be edited as it was wanted; the message is for people."""


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Bytes that are replaced.

    Attributes:
        start: Where, in bytes of UTF-8.
        end: And up to where; the same as ``start`` where something is put in.
        new: What stands there afterwards.
    """

    start: int
    end: int
    new: bytes


class Source:
    """A Python file.

    Args:
        content: Its bytes.

    Raises:
        EditError: It cannot be parsed, or not be put together again.
    """

    def __init__(self, content: bytes) -> None:
        try:
            text = decode(content)
            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        except (ValueError, SyntaxError) as error:
            raise EditError(str(error)) from None
        self._has_mark = content.startswith(codecs.BOM_UTF8)
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self.content = content
        self.bytes = text.encode()
        if self._encoded(self.bytes) != content:
            raise EditError(f"its bytes do not come back from {encoding}")
        self.tree = _parse(text)
        self._starts = [0, *(found.end() for found in _NEWLINE.finditer(self.bytes))]

    def _encoded(self, utf8: bytes) -> bytes:
        mark = codecs.BOM_UTF8 if self._has_mark else b""
        try:
            return mark + utf8.decode().encode(self._encoding)
        except UnicodeEncodeError as error:
            raise EditError(f"a name cannot be written in {error.encoding}") from None

    def start(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """Return where a node begins."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """Return where a node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column."""
        return self._starts[line - 1] + column

    def line_of(self, offset: int) -> int:
        """Return the line that an offset is in."""
        return bisect.bisect_right(self._starts, offset)

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self._starts[self.line_of(offset) - 1]

    def line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, its newline included."""
        line = self.line_of(offset)
        return self._starts[line] if line < len(self._starts) else len(self.bytes)

    def newline(self, offset: int) -> bytes:
        """Return the newline that is used at a line, or near it."""
        line = self.bytes[self.line_start(offset) : self.line_end(offset)]
        found = _NEWLINE.search(line) or _NEWLINE.search(self.bytes)
        return found[0] if found else b"\n"

    def is_deferred(self, node: ast.stmt) -> bool:
        """Tell whether a statement runs when a function is called, and not before."""
        return any(
            isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef)
            and parent.lineno < node.lineno
            and node.lineno <= (parent.end_lineno or parent.lineno)
            for parent in ast.walk(self.tree)
        )

    def says(self, text: str, *, besides: Collection[ast.AST] = ()) -> bool:
        """Tell whether a name, or dotted text, stands anywhere in the code.

        Strings count: an annotation in quotes is read by somebody, too.

        Args:
            text: The name.
            besides: Nodes that do not count, with all that is in them.
        """
        mine = {id(inner) for node in besides for inner in ast.walk(node)}
        return any(
            _says(node, text) for node in ast.walk(self.tree) if id(node) not in mine
        )

    def indent(self, node: ast.stmt) -> bytes | None:
        """Return what stands before a statement; None if that is more than blanks."""
        start = self.start(node)
        before = self.bytes[self.line_start(start) : start]
        return before if not before.strip(_BLANK) else None

    def stands_alone(self, node: ast.stmt) -> bool:
        """Tell whether no other statement shares a statement's lines."""
        end = self.end(node)
        after = self.bytes[end : self.line_end(end)].strip(_BLANK + b"\r\n")
        return self.indent(node) is not None and (not after or after[:1] == b"#")

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Return the file's bytes with some of them replaced.

        Raises:
            EditError: Two edits concern the same bytes, or what comes out is no
                Python.
        """
        parts: list[bytes] = []
        reached = 0
        for edit in sorted(set(edits)):
            if edit.start < reached:
                line = self.line_of(edit.start)
                raise EditError(f"line {line} would be edited twice")
            parts += (self.bytes[reached : edit.start], edit.new)
            reached = edit.end
        parts.append(self.bytes[reached:])
        made = b"".join(parts)
        _parse(made.decode())
        return self._encoded(made)


def _says(node: ast.AST, text: str) -> bool:
    if isinstance(node, ast.Name | ast.Attribute):
        return dotted(node) == text
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    if text not in node.value:
        return False
    try:
        quoted = ast.parse(node.value.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False  # a sentence
    return any(
        isinstance(inner, ast.Name | ast.Attribute) and dotted(inner) == text
        for inner in ast.walk(quoted)
    )


def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise EditError(f"it cannot be parsed: {error}") from None
