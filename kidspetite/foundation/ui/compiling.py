"""How pages become Python: as Jinja2 does it, but what is the same in every answer is worked out when a page is loaded.

- A call of our own globals with constants alone, such as `_("Search")` or `ui.icon("x")`, becomes one piece with the
  text around it.
- Our globals are called as they are. None of them asks for the context, and a page cannot give their names another
  meaning.
- A page or a block is one piece when it is handed on, instead of hundreds.
- What is shown is escaped by `shown`, which knows markup by its type.

Where pages are read again when they change (`auto_reload`), nothing is worked out beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, has_safe_repr
from jinja2.idtracking import VAR_LOAD_RESOLVE
from markupsafe import Markup, _escape_inner, escape

# What these give depends on what they are given, and on nothing else while a process lives.
SAME = frozenset({"_", "ui", "static", "hex_of", "icon_paths"})
OURS = SAME | {"ngettext", "url", "visits_measured"}


def shown(value: Any) -> str:
    """A value as it stands in a page: escaped, unless it is markup."""
    kind = type(value)
    if kind is Markup:
        return value
    if kind is str:
        return _escape_inner(value)
    return str(value) if kind is int else escape(value)


class Source(str):
    """Python that gives a text when the page is loaded."""

    __slots__ = ()


class PageCompiler(CodeGenerator):
    """Jinja2's own compiler with the differences above; everything else is left to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: dict[str, str] = {}

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """What is kept stands at the end of the module: nothing is rendered before that has been run."""
        super().visit_Template(node, frame)
        self.writeline("shown = environment.shown")
        for source, name in self._kept.items():
            self.writeline(f"{name} = {source}")

    def enter_frame(self, frame: Frame) -> None:
        loads = frame.symbols.loads
        frame.symbols.loads = {ref: load for ref, load in loads.items() if not _is_ours(load)}
        super().enter_frame(frame)
        frame.symbols.loads = loads
        if frame.buffer is None and (frame.rootlevel or frame.block_frame):
            self.buffer(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        super().leave_frame(frame, with_python_scope)
        if frame.block_frame or (frame.rootlevel and not self.has_known_extends):
            self.writeline(f"yield concat({frame.buffer})")

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:
        if node.scoped or node.required or frame.buffer is None or (frame.toplevel and self.extends_so_far):
            super().visit_Block(node, frame)
        else:
            context = self.get_context_ref()
            self.writeline(f"{frame.buffer}.extend({context}.blocks[{node.name!r}][0]({context}))", node)

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:
        if node.ctx == "load" and self._names_ours(node, frame):
            self.write(self._global(node.name))
        else:
            super().visit_Name(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        called = self._called(node, frame)
        if called is None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        if not forward_caller:
            try:
                self.write(self._keep(self._constant(node, frame)))
                return
            except nodes.Impossible:
                pass
        self.write(f"{called}(")
        for arg in node.args:
            self.visit(arg, frame)
            self.write(", ")
        for kwarg in node.kwargs:
            self.write(f"**{{{kwarg.key!r}: " if iskeyword(kwarg.key) else f"{kwarg.key}=")
            self.visit(kwarg.value, frame)
            self.write("}, " if iskeyword(kwarg.key) else ", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        try:
            return super()._output_child_to_const(node, frame, finalize)
        except nodes.Impossible:
            if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
                raise
            return Source(f"shown({self._constant(node, frame)})")

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        parts = list(group)
        if not any(isinstance(part, Source) for part in parts):
            return super()._output_const_repr(parts)
        told = ", ".join(part if isinstance(part, Source) else repr(part) for part in parts)
        return self._keep(f"''.join(({told},))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("shown(")

    def _constant(self, node: nodes.Expr, frame: Frame) -> str:
        """The Python of what is the same whoever asks. Raises Impossible for anything else."""
        if self.environment.auto_reload:
            raise nodes.Impossible
        if isinstance(node, nodes.Call) and (called := self._called(node, frame, SAME)):
            told = [self._constant(arg, frame) for arg in node.args]
            told += [f"**{{{kwarg.key!r}: {self._constant(kwarg.value, frame)}}}" for kwarg in node.kwargs]
            return f"{called}({', '.join(told)})"
        value = node.as_const(frame.eval_ctx)
        if not has_safe_repr(value):
            raise nodes.Impossible
        return repr(value)

    def _called(self, node: nodes.Call, frame: Frame, among: frozenset[str] = OURS) -> str | None:
        """The Python that names one of our globals, where a node calls it."""
        if node.dyn_args or node.dyn_kwargs:
            return None
        called = node.node
        if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name == "ui":
            return f"{self._global('ui')}.{called.attr}" if self._names_ours(called.node, frame) else None
        if isinstance(called, nodes.Name) and called.name in among - {"ui"} and self._names_ours(called, frame):
            return self._global(called.name)
        return None

    def _names_ours(self, node: nodes.Name, frame: Frame) -> bool:
        """Not where a page itself gives the name to something else."""
        ref = frame.symbols.find_ref(node.name)
        return ref is not None and _is_ours(frame.symbols.find_load(ref))

    def _global(self, name: str) -> str:
        return self._keep(f"environment.globals[{name!r}]")

    def _keep(self, source: str) -> str:
        return self._kept.setdefault(source, f"kept_{len(self._kept)}")


def _is_ours(load: tuple[str, str | None] | None) -> bool:
    return load is not None and load[0] == VAR_LOAD_RESOLVE and load[1] in OURS
