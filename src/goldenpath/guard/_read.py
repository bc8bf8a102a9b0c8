"""Reads one file's facts: text in, values out. Nothing is imported or run.

One walk over the syntax tree, by hand, because a generic visitor costs more than the
parser; see docs/decisions for the figures.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from goldenpath.guard._facts import (
    Binding,
    BindingKind,
    BroadHandler,
    Call,
    Class,
    DottedString,
    FileFacts,
    Function,
    Test,
)
from goldenpath.guard._later import is_told_later
from goldenpath.guard._made_up import (
    NAMESPACES,
    VERBS,
    Write,
    by_call,
    by_entry,
    by_namespace,
    opened,
)
from goldenpath.guard._read_tests import read_test
from goldenpath.guard._syntax import (
    annotation,
    argument_or_name,
    argument_text,
    base,
    caught,
    dotted,
    first_line,
    forwards_to,
    is_abstract,
    is_silent,
    made,
    passes_on,
    signature,
    suppressed,
    text_of,
)

_DOTTED = re.compile(
    r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+(:[A-Za-z_]\w*)?|[A-Za-z_][\w.]*:[A-Za-z_]\w*"
)
# Calls of which it counts what attribute they name.
_NAMING = VERBS | {"object"}
_COLLECTIONS = frozenset(
    (
        "dict", "list", "set", "defaultdict", "OrderedDict", "deque", "Counter",
        "WeakSet", "WeakValueDictionary", "WeakKeyDictionary",
    )
)  # fmt: skip
# A union would be made anew each time that it is asked for.
_SEQUENCES = (ast.Tuple, ast.List)
_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp)


def read(text: str) -> FileFacts:
    """Return the facts of a file.

    A file that cannot be parsed has an ``error`` and no other facts.
    """
    lines = text.count("\n") + 1
    try:
        with warnings.catch_warnings():
            # Somebody else's invalid escapes are no business of ours.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        return FileFacts(error=_syntax_error(text, error), lines=lines)
    except (ValueError, RecursionError, MemoryError) as error:
        return FileFacts(error=f"cannot be parsed: {error}", lines=lines)
    reader = _Reader()
    try:
        reader.module(tree)
    except RecursionError:
        return FileFacts(error="nests too deeply to be read", lines=lines)
    return reader.facts(lines)


def _syntax_error(text: str, error: SyntaxError) -> str:
    if re.search(r"^(<{7}|={7}|>{7})( |$)", text, re.MULTILINE):
        marker = re.search(r"^<{7}", text, re.MULTILINE)
        line = text.count("\n", 0, marker.start()) + 1 if marker else error.lineno
        return f"line {line}: a merge conflict was left in"
    what = error.msg or "invalid syntax"
    if "print" in what or "Missing parentheses" in what:
        what = "Python 2: " + what
    return f"line {error.lineno or 1}: {what}"


class _Place:
    """Where the walk is."""

    __slots__ = ("class_", "function", "is_guarded", "is_typing", "own", "scope")

    def __init__(
        self,
        scope: str = "",
        *,
        is_typing: bool = False,
        is_guarded: bool = False,
        class_: str = "",
        function: ast.FunctionDef | ast.AsyncFunctionDef | None = None,
        own: list[ast.stmt] | None = None,
    ) -> None:
        self.scope = scope
        self.is_typing = is_typing
        self.is_guarded = is_guarded
        self.class_ = class_  # the class whose body this is, if it is one
        self.function = function
        self.own = own  # the statements of that function so far

    def guarded(self, *, is_typing: bool = False) -> _Place:
        """Return the same place, under a condition."""
        return _Place(
            self.scope,
            is_typing=self.is_typing or is_typing,
            is_guarded=True,
            class_=self.class_,
            function=self.function,
            own=self.own,
        )

    def inside(self, name: str) -> str:
        return f"{self.scope}.{name}" if self.scope else name


class _Reader:
    def __init__(self) -> None:
        self.bindings: list[Binding] = []
        self.functions: list[Function] = []
        self.classes: list[Class] = []
        self.calls: list[Call] = []
        self.strings: list[DottedString] = []
        self.handlers: list[BroadHandler] = []
        self.tests: list[Test] = []
        self.exported: list[str] | None = None
        self.exported_line = 0
        self.is_export_dynamic = False
        self.has_getattr = False
        self.replaces_itself = False
        self.reads: dict[tuple[str, str], int] = {}
        self.document = ""
        self.branches: list[tuple[int, int]] = []
        self.loops: list[tuple[int, int]] = []
        # Names that stand for something of another place, or for a class.
        self._known: set[str] = set()
        self._collections: dict[str, list[tuple[str, int, str]]] = {}
        self._globals: dict[str, set[str]] = {}
        self._generators: set[str] = set()
        # Where something is put on what, under a name that cannot be read.
        self._open: list[tuple[str, str]] = []
        # By type, since most nodes are of few types and a chain of questions costs.
        self._takes: dict[type[ast.AST], Callable[[Any, _Place], None]] = {
            ast.Expr: self._bare,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.If: self._if,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while,
            ast.Match: self._match,
            ast.Global: self._global,
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Await: self._await,
            ast.NamedExpr: self._named,
            ast.Lambda: self._lambda,
            ast.JoinedStr: self._formatted,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield,
        }

    def facts(self, lines: int) -> FileFacts:
        is_open = (
            opened(self._open, self.bindings, self.classes) if self._open else set()
        )
        return FileFacts(
            lines=lines,
            bindings=tuple(self.bindings),
            functions=tuple(self.functions),
            classes=tuple(
                _completed(
                    c,
                    self._collections.get(c.qualified, ()),
                    is_open=c.qualified in is_open,
                )
                for c in self.classes
            ),
            calls=tuple(self.calls),
            strings=tuple(self.strings),
            handlers=tuple(self.handlers),
            tests=tuple(self.tests),
            exported=None if self.exported is None else tuple(self.exported),
            exported_line=self.exported_line,
            is_export_dynamic=self.is_export_dynamic,
            has_getattr=self.has_getattr,
            replaces_itself=self.replaces_itself,
            reads=tuple((text, s, line) for (text, s), line in self.reads.items()),
            document=self.document,
            collections=tuple(self._collections.get("", ())),
            branches=tuple(self.branches),
            loops=tuple(self.loops),
        )

    # Statements.

    def module(self, tree: ast.Module) -> None:
        self.document = first_line(tree)
        self._block(tree.body, _Place())

    def _block(self, body: Iterable[ast.stmt], place: _Place) -> None:
        own, takes = place.own, self._takes
        for statement in body:
            if own is not None:
                own.append(statement)
            take = takes.get(type(statement))
            if take is not None:
                take(statement, place)
            else:
                self._children(statement, place)

    def _for(self, node: ast.For | ast.AsyncFor, place: _Place) -> None:
        self.loops.append((node.lineno, node.end_lineno or node.lineno))
        self._expression(node.iter, place)
        self._names(node.target, place)
        self._block(node.body, place.guarded())
        self._block(node.orelse, place.guarded())

    def _while(self, node: ast.While, place: _Place) -> None:
        self.loops.append((node.lineno, node.end_lineno or node.lineno))
        self._expression(node.test, place)
        self._block(node.body, place.guarded())
        self._block(node.orelse, place.guarded())

    def _match(self, node: ast.Match, place: _Place) -> None:
        self._expression(node.subject, place)
        for case in node.cases:
            self._expression(case.guard, place)
            self._block(case.body, place.guarded())

    def _global(self, node: ast.Global, place: _Place) -> None:
        self._globals.setdefault(place.scope, set()).update(node.names)

    def _bind(
        self,
        name: str,
        kind: BindingKind,
        node: ast.stmt | ast.expr | ast.arg | ast.alias,
        place: _Place,
        *,
        target: str = "",
        level: int = 0,
    ) -> None:
        scope = place.scope
        if self._globals and name in self._globals.get(scope, ()):
            scope = ""
        self.bindings.append(
            Binding(
                name,
                kind,
                node.lineno,
                node.col_offset,
                scope,
                target,
                level,
                place.is_typing,
                place.is_guarded,
            )
        )

    def _import(self, node: ast.Import, place: _Place) -> None:
        for alias in node.names:
            if alias.asname:
                self._bind(alias.asname, "import_as", alias, place, target=alias.name)
                self._known.add(alias.asname)
            else:
                first = alias.name.partition(".")[0]
                self._bind(first, "import", alias, place, target=alias.name)
                self._known.add(first)

    def _import_from(self, node: ast.ImportFrom, place: _Place) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self._bind("*", "star", alias, place, target=module, level=node.level)
                continue
            name = alias.asname or alias.name
            target = f"{module}:{alias.name}"
            self._bind(name, "from", alias, place, target=target, level=node.level)
            self._known.add(name)

    def _bare(self, node: ast.Expr, place: _Place) -> None:
        value = node.value
        if isinstance(value, ast.Constant):
            return
        is_awaited = isinstance(value, ast.Await)
        inner = value.value if isinstance(value, ast.Await) else value
        if isinstance(inner, ast.Call):
            self._extended(inner)
            self._call(inner, place, is_awaited=is_awaited, is_used=False)
        else:
            self._expression(value, place)

    def _assign(self, node: ast.Assign, place: _Place) -> None:
        self._expression(node.value, place)
        for target in node.targets:
            self._assign_to(target, node.value, node, place)

    def _assign_to(
        self, target: ast.expr, value: ast.expr, node: ast.stmt, place: _Place
    ) -> None:
        if isinstance(target, ast.Attribute) and target.attr == "__dict__":
            self._put(by_namespace(target, value, place.function), node, place)
        name = self._name_of(target, place)
        if name:
            if name == "__all__" and not place.scope:
                self._export(value, node.lineno)
            self._bind_value(name, value, node, place)
        elif isinstance(target, _SEQUENCES):
            values = value.elts if isinstance(value, _SEQUENCES) else []
            is_pairwise = len(values) == len(target.elts)
            for index, one in enumerate(target.elts):
                if is_pairwise:
                    self._assign_to(one, values[index], node, place)
                else:
                    self._names(one, place)
        elif isinstance(target, ast.Subscript):
            self._expression(target.value, place)
            self._expression(target.slice, place)
            self._put(by_entry(target, place.function), node, place)
            registry = dotted(target.value)
            if registry == "sys.modules":
                self.replaces_itself = True
            elif registry and (text := dotted(value)) and not text.endswith(")"):
                entry = f"{registry}[{ast.unparse(target.slice)[:60]}]"
                self._bind(entry, "entry", node, place, target=text)
        elif isinstance(target, ast.Attribute):
            self._expression(target.value, place)

    def _bind_value(
        self, name: str, value: ast.expr, node: ast.stmt | ast.expr, place: _Place
    ) -> None:
        if isinstance(value, ast.Await):
            value = value.value
        if isinstance(value, ast.IfExp):
            # Either may be it; only what can be said of both is certain.
            self._bind_value(name, value.body, node, place)
            self._bind_value(name, value.orelse, node, place.guarded())
            return
        if isinstance(value, ast.BoolOp):
            value = value.values[-1]
        if isinstance(value, ast.Call):
            target = dotted(value.func)
            kind: BindingKind = "call" if target else "value"
            self._bind(name, kind, node, place, target=target)
        elif text := dotted(value):
            self._bind(name, "alias", node, place, target=text)
            if not place.scope:
                self._known.add(name)
        else:
            self._bind(name, "value", node, place)
            if isinstance(value, ast.Dict):
                self._entries(name, value, place)
        self._note_collection(name, value, node.lineno, place)

    def _entries(self, name: str, display: ast.Dict, place: _Place) -> None:
        for key, value in zip(display.keys, display.values, strict=True):
            if key is None:
                continue
            if (text := dotted(value)) and not text.endswith(")"):
                entry = f"{name}[{ast.unparse(key)[:60]}]"
                self._bind(entry, "entry", value, place, target=text)
            elif not place.scope and isinstance(key, ast.Constant):
                self._lazy(key.value, value, place)

    def _lazy(self, key: object, value: ast.expr, place: _Place) -> None:
        """Note ``{"Name": "module"}``, as a lazy ``__getattr__`` looks it up."""
        texts = value.elts if isinstance(value, _SEQUENCES) else [value]
        path = ":".join(
            text_of(one.value)
            for one in texts
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )
        if isinstance(key, str) and key.isidentifier() and 0 < len(path) < 200:
            self._bind(key, "lazy", value, place, target=path)

    def _note_collection(
        self, name: str, value: ast.expr, line: int, place: _Place
    ) -> None:
        if isinstance(value, ast.Call):
            if dotted(value.func).rpartition(".")[2] not in _COLLECTIONS:
                return
        elif not isinstance(value, _DISPLAYS):
            return
        if place.class_:
            if not _is_filled(value):
                found = self._collections.setdefault(place.class_, [])
                found.append((name, line, "class"))
        elif name.startswith("self."):
            class_ = place.scope.rpartition(".")[0]
            found = self._collections.setdefault(class_, [])
            found.append((name.removeprefix("self."), line, "instance"))
        elif not place.scope and not _is_filled(value):
            self._collections.setdefault("", []).append((name, line, "module"))

    def _annotated(self, node: ast.AnnAssign, place: _Place) -> None:
        self._annotation(node.annotation, place)
        name = self._name_of(node.target, place)
        if node.value is not None:
            self._expression(node.value, place)
            self._assign_to(node.target, node.value, node, place)
            if not name or (
                isinstance(node.value, ast.Call) and dotted(node.value.func)
            ):
                return  # what is made says more than what it is said to be
        text = annotation(node.annotation)
        # Of a class, also what nobody can follow is there.
        is_attribute = node.value is None and (
            place.class_ != "" or name.startswith("self.")
        )
        if name and (text or is_attribute):
            self._bind(name, "annotated", node, place, target=text)

    def _augmented(self, node: ast.AugAssign, place: _Place) -> None:
        self._expression(node.value, place)
        target = node.target
        if isinstance(target, ast.Attribute) and target.attr == "__dict__":
            self._put(by_namespace(target, node.value, place.function), node, place)
        if self._name_of(target, place) == "__all__" and not place.scope:
            self._export(node.value, node.lineno, is_more=True)

    def _put(
        self, write: Write | None, node: ast.stmt | ast.expr, place: _Place
    ) -> None:
        """Note what is put on an object by its name."""
        if write is None:
            return
        if write.names is None:
            self._open.append((place.scope, write.owner))
        elif write.owner in ("self", "cls"):
            for name in write.names:
                self._bind(f"self.{text_of(name)}", "value", node, place)

    def _name_of(self, target: ast.expr, place: _Place) -> str:
        """Return the name that is bound, or ``""`` if it is no plain one."""
        if isinstance(target, ast.Name):
            return target.id
        if (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and place.function is not None
            and place.function.args.args
            and target.value.id == place.function.args.args[0].arg
            and target.value.id in ("self", "cls")
        ):
            return f"self.{target.attr}"
        return ""

    def _names(self, target: ast.expr, place: _Place) -> None:
        """Bind every name in a target to nothing that is known."""
        name = self._name_of(target, place)
        if name:  # as most are
            self._bind(name, "value", target, place)
            return
        for node in ast.walk(target):
            if (
                isinstance(node, ast.Name | ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and (name := self._name_of(node, place))
            ):
                self._bind(name, "value", node, place)

    def _export(self, value: ast.expr, line: int, *, is_more: bool = False) -> None:
        self.exported_line = self.exported_line or line
        if not is_more or self.exported is None:
            self.exported = []
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            self._export(value.left, line, is_more=True)
            self._export(value.right, line, is_more=True)
        elif isinstance(value, ast.List | ast.Tuple | ast.Set):
            for element in value.elts:
                if isinstance(element, ast.Constant) and isinstance(element.value, str):
                    self.exported.append(text_of(element.value))
                else:
                    self.is_export_dynamic = True
        else:
            self.is_export_dynamic = True

    def _extended(self, call: ast.Call) -> None:
        """Follow ``__all__.extend([…])`` and ``.append("…")``."""
        text = dotted(call.func)
        if text in ("__all__.extend", "__all__.append") and len(call.args) == 1:
            (value,) = call.args
            if text.endswith("append"):
                value = ast.List(elts=[value], ctx=ast.Load())
            self._export(value, call.lineno, is_more=True)

    def _if(self, node: ast.If, place: _Place) -> None:
        self._expression(node.test, place)
        for body in (node.body, node.orelse):
            self._branch(body)
        is_typing = dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING"
        is_main = "__name__" in ast.dump(node.test) if not place.scope else False
        self._block(node.body, place.guarded(is_typing=is_typing or is_main))
        self._block(node.orelse, place.guarded())

    def _try(self, node: ast.Try | ast.TryStar, place: _Place) -> None:
        self._block(node.body, place.guarded())
        for handler in node.handlers:
            if handler.type is not None:
                self._expression(handler.type, place)
            catches = caught(handler.type)
            if catches is not None and not passes_on(handler.body):
                self.handlers.append(
                    BroadHandler(
                        handler.lineno,
                        handler.col_offset,
                        node.body[0].lineno,
                        node.body[-1].end_lineno or node.body[-1].lineno,
                        place.scope,
                        catches,
                        is_silent(handler),
                        is_told_later(handler, place.function),
                    )
                )
            self._branch(handler.body)
            self._block(handler.body, place.guarded())
        self._block(node.orelse, place.guarded())
        self._block(node.finalbody, place)

    def _branch(self, body: Sequence[ast.stmt]) -> None:
        if body:
            last = body[-1]
            self.branches.append((body[0].lineno, last.end_lineno or last.lineno))

    def _with(self, node: ast.With | ast.AsyncWith, place: _Place) -> None:
        for item in node.items:
            self._expression(item.context_expr, place)
            if item.optional_vars is not None:
                name = self._name_of(item.optional_vars, place)
                if name:
                    self._bind_value(name, item.context_expr, node, place)
                else:
                    self._names(item.optional_vars, place)
            call = item.context_expr
            if (
                isinstance(call, ast.Call)
                and dotted(call.func).rpartition(".")[2] == "suppress"
                and (caught := suppressed(call)) is not None
            ):
                self.handlers.append(
                    BroadHandler(
                        node.lineno,
                        node.col_offset,
                        node.body[0].lineno,
                        node.body[-1].end_lineno or node.body[-1].lineno,
                        place.scope,
                        caught,
                        is_silent=True,
                    )
                )
        self._block(node.body, place)

    # Definitions.

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, place: _Place
    ) -> None:
        if not place.scope and node.name == "__getattr__":
            self.has_getattr = True
        self._bind(node.name, "def", node, place)
        for decorator in node.decorator_list:
            self._expression(decorator, place)
        arguments = node.args
        for default in (*arguments.defaults, *arguments.kw_defaults):
            self._expression(default, place)
        own: list[ast.stmt] = []
        inner = _Place(
            place.inside(node.name),
            is_typing=place.is_typing,
            function=node,
            own=own,
        )
        everything = (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *([arguments.vararg] if arguments.vararg else []),
            *([arguments.kwarg] if arguments.kwarg else []),
        )
        for argument in everything:
            self._annotation(argument.annotation, place)
            self._bind(
                argument.arg,
                "parameter",
                argument,
                inner,
                # Of ``*rest: X`` and ``**rest: X`` it is about what is in them.
                target=""
                if argument in (arguments.vararg, arguments.kwarg)
                else annotation(argument.annotation),
            )
        self._annotation(node.returns, place)
        before = len(self.handlers)
        self._block(node.body, inner)
        self.functions.append(
            Function(
                node.name,
                node.lineno,
                node.col_offset,
                node.end_lineno or node.lineno,
                place.scope,
                signature(arguments),
                isinstance(node, ast.AsyncFunctionDef),
                inner.scope in self._generators,
                tuple(dotted(d) for d in node.decorator_list),
                annotation(node.returns),
                *made(own),
                forwards_to(node),
                is_abstract(node.body),
                len(own),
            )
        )
        if node.name.startswith("test"):
            self.tests.append(
                read_test(node, scope=place.scope, swallows=len(self.handlers) > before)
            )

    def _class(self, node: ast.ClassDef, place: _Place) -> None:
        self._bind(node.name, "class", node, place)
        self._known.add(node.name)
        for expression in (*node.decorator_list, *node.bases):
            self._expression(expression, place)
        for keyword in node.keywords:
            self._expression(keyword.value, place)
        qualified = place.inside(node.name)
        self._block(
            node.body,
            _Place(qualified, is_typing=place.is_typing, class_=qualified),
        )
        self.classes.append(
            Class(
                node.name,
                node.lineno,
                node.col_offset,
                node.end_lineno or node.lineno,
                place.scope,
                tuple(filter(None, map(base, node.bases))),
                tuple(dotted(d) for d in node.decorator_list),
                tuple(f"{k.arg}={dotted(k.value)}" for k in node.keywords if k.arg),
                first_line(node),
                is_abstract(node.body),
            )
        )

    # Expressions.

    def _expression(self, node: ast.expr | None, place: _Place) -> None:
        if node is None:
            return
        take = self._takes.get(type(node))
        if take is not None:
            take(node, place)
        else:
            self._children(node, place)

    def _children(self, node: ast.AST, place: _Place) -> None:
        # As ``ast.iter_child_nodes`` does, without its two generators.
        for field in node._fields:
            child = getattr(node, field, None)
            if isinstance(child, ast.expr):
                self._expression(child, place)
            elif isinstance(child, list):
                for one in child:
                    if isinstance(one, ast.expr):
                        self._expression(one, place)
                    elif isinstance(one, ast.comprehension):
                        self._comprehension(one, place)

    def _comprehension(self, node: ast.comprehension, place: _Place) -> None:
        self._expression(node.iter, place)
        self._names(node.target, place)
        for condition in node.ifs:
            self._expression(condition, place)

    def _constant(self, node: ast.Constant, place: _Place) -> None:
        if isinstance(node.value, str):
            self._string(node, place, "")

    def _await(self, node: ast.Await, place: _Place) -> None:
        if isinstance(node.value, ast.Call):
            self._call(node.value, place, is_awaited=True)
        else:
            self._expression(node.value, place)

    def _named(self, node: ast.NamedExpr, place: _Place) -> None:
        self._expression(node.value, place)
        self._bind_value(node.target.id, node.value, node, place)

    def _lambda(self, node: ast.Lambda, place: _Place) -> None:
        self._expression(node.body, place)

    def _formatted(self, node: ast.JoinedStr, place: _Place) -> None:
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                self._expression(value.value, place)

    def _yield(self, node: ast.Yield | ast.YieldFrom, place: _Place) -> None:
        self._generators.add(place.scope)
        self._expression(node.value, place)

    def _name(self, node: ast.Name, place: _Place) -> None:
        if node.id in self._known:
            self.reads.setdefault((node.id, place.scope), node.lineno)

    def _attribute(self, node: ast.Attribute, place: _Place) -> None:
        text = dotted(node)
        if not text:
            self._expression(node.value, place)
            return
        if text.endswith(")") or "()." in text:
            inner: ast.expr = node
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            self._expression(inner, place)
        elif text.partition(".")[0] in self._known:
            self.reads.setdefault((text, place.scope), node.lineno)

    def _annotation(self, node: ast.expr | None, place: _Place) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = annotation(node)
            if text.partition(".")[0] in self._known:
                self.reads.setdefault((text, place.scope), node.lineno)
        elif node is not None:
            self._expression(node, place)

    def _call(
        self,
        node: ast.Call,
        place: _Place,
        *,
        is_awaited: bool = False,
        is_used: bool = True,
    ) -> None:
        target = dotted(node.func)
        if isinstance(node.func, ast.Attribute) and (not target or "()" in target):
            self._expression(node.func.value, place)
        elif not target:
            self._expression(node.func, place)
        if target:
            starred = [a for a in node.args if isinstance(a, ast.Starred)]
            names = [k.arg for k in node.keywords]
            texts = map(argument_text, node.args)
            if target.rpartition(".")[2] in _NAMING:
                texts = map(argument_or_name, node.args)
                self._put(by_call(node, target, place.function), node, place)
            elif place.class_ and target in NAMESPACES:
                self._open.append((place.scope, "self"))
            self.calls.append(
                Call(
                    target,
                    node.lineno,
                    node.col_offset,
                    place.scope,
                    len(node.args) - len(starred),
                    tuple(filter(None, names)),
                    bool(starred) or None in names,
                    is_awaited,
                    is_used and not is_awaited,
                    tuple(texts),
                )
            )
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                self._string(argument, place, target)
            else:
                self._expression(argument, place)
        for keyword in node.keywords:
            value = keyword.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                self._string(value, place, target)
            else:
                self._expression(value, place)

    def _string(self, node: ast.Constant, place: _Place, receiver: str) -> None:
        text = node.value
        assert isinstance(text, str)
        if len(text) > 200 or _DOTTED.fullmatch(text) is None:
            return
        width = (node.end_col_offset or 0) - node.col_offset
        is_plain = node.end_lineno == node.lineno and width == len(text) + 2
        self.strings.append(
            DottedString(
                text, node.lineno, node.col_offset + 1, place.scope, receiver, is_plain
            )
        )


def _is_filled(value: ast.expr) -> bool:
    """Tell whether a collection is a table that was written down, and no registry."""
    match value:
        case ast.Dict(keys=content) | ast.List(elts=content) | ast.Set(elts=content):
            return bool(content)
        case ast.DictComp() | ast.ListComp():
            return True
        case _:
            return False


def _completed(
    class_: Class, collections: Sequence[tuple[str, int, str]], *, is_open: bool
) -> Class:
    if not collections and not is_open:
        return class_
    return msgspec.structs.replace(
        class_, collections=tuple(collections), is_open=is_open
    )
