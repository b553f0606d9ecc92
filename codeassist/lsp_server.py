"""The door in editors: hovers, lenses, inlay values and findings over the Language Server Protocol."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from concurrent.futures import TimeoutError as TooSlow
from typing import Any

from lsprotocol import types as lsp
from pygls import uris
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from codeassist import __version__, pipeline
from codeassist.pipeline.glancing import Glances, enclosing
from codeassist.pipeline.graphing import GraphOptions
from codeassist.records.errors import CodeassistError
from codeassist.records.program import CallGraph, Function, Module
from codeassist.records.report import Finding

PATIENCE = 0.05
"""seconds that a hover waits for an explanation that is being made"""
RUN, EXPLAIN = "codeassist.run", "codeassist.explain"
CHECKING = "being checked against runs: hover again in a moment"
UNSAVED = "save the file to have it explained: only what is saved is run"
LEVELS = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}
PARTING = 1.0
"""seconds that what is being done gets when the editor leaves"""
REVIEW_BUDGET = 5.0
"""seconds for the runs of one function when a file is saved"""
_WORD = re.compile(r"\w+")


class Server(LanguageServer):
    """What is asked of the document is answered from what is known; the rest is found out meanwhile."""

    def __init__(self, flags: Mapping[str, Any], run: bool = True, review: bool = True) -> None:
        super().__init__("codeassist", __version__)
        self.flags, self.may_run, self.may_review = dict(flags), run, review
        self.glances = Glances(flags, run)
        self.modules: dict[str, tuple[int | None, str, Module]] = {}
        self.callers: dict[str, dict[tuple[str, str], int]] = {}
        self.is_solving: set[str] = set()

    # --- what a document is ------------------------------------------------------------------------

    def module(self, document: TextDocument) -> Module | None:
        """The facts of the text as it stands in the editor; None where nothing can be read."""
        from codeassist import parsing

        known = self.modules.get(document.uri)
        try:
            text = document.source
        except (OSError, UnicodeDecodeError):
            return None
        if known is not None and known[1] == text:
            return known[2]
        try:
            module = parsing.parse(parsing.read_source(document.path, text))
        except CodeassistError:
            return None
        self.modules[document.uri] = (document.version, text, module)
        return module

    def is_saved(self, document: TextDocument) -> bool:
        """Whether the editor shows what the file holds."""
        from codeassist import parsing

        try:
            with open(document.path, encoding="utf-8", newline="") as file:
                if file.read() == document.source:  # nearly always, and without looking at each line
                    return True
        except (OSError, UnicodeDecodeError):
            pass
        try:
            saved = parsing.read_source(document.path)
            return saved.text == parsing.read_source(document.path, document.source).text
        except CodeassistError:
            return False

    def solve(self, folder: str, again: bool = False) -> None:
        """Solve the call graph of the workspace in the background; lenses come again when it is there."""
        if not folder or folder in self.is_solving or (folder in self.callers and not again):
            return
        self.is_solving.add(folder)

        def work() -> None:
            with contextlib.suppress(CodeassistError):
                self.callers[folder] = _callers(self.glances.keeper.graph([folder], GraphOptions()))
            self.is_solving.discard(folder)
            self.refresh()

        self.thread_pool.submit(work)

    def refresh(self) -> None:
        """Have the editor ask again for lenses and hints, if it can."""
        wanted = self.client_capabilities.workspace
        if wanted and wanted.code_lens and wanted.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)
        if wanted and wanted.inlay_hint and wanted.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def folder(self) -> str:
        """The workspace's first folder; empty without one."""
        folders = list(self.workspace.folders.values())
        return (uris.to_fs_path(folders[0].uri) or "") if folders else (self.workspace.root_path or "")


def build(flags: Mapping[str, Any], run: bool = True, review: bool = True) -> Server:
    """The server with its features."""
    server = Server(flags, run, review)
    server.feature(lsp.TEXT_DOCUMENT_HOVER)(hover)
    server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions(resolve_provider=False))(lenses)
    server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)(hints)
    server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)(saved)
    server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(closed)
    server.command(RUN)(server.thread()(run_function))
    server.command(EXPLAIN)(server.thread()(explain_function))
    return server


def serve(flags: Mapping[str, Any], run: bool = True, review: bool = True) -> None:
    """Answer on stdin and stdout until the editor goes away."""
    server = build(flags, run, review)
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints from now on does not speak to the editor
    try:
        server.start_io(stdout=wire)
    finally:
        if not server.glances.close(PARTING):
            os._exit(0)  # a run that goes on ends with us, and its folders are swept by the next


# --- features --------------------------------------------------------------------------------------


def hover(server: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    """On a function's head or a call of it: its explanation; on a variable: its values in the last run."""
    document = server.workspace.get_text_document(params.text_document.uri)
    module = server.module(document)
    if module is None:
        return None
    position = document.position_codec.position_from_client_units(document.lines, params.position)
    text = _at(server, document, module, position.line + 1, position.character)
    if not text:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text))


def _at(server: Server, document: TextDocument, module: Module, line: int, column: int) -> str:
    from codeassist.rendering.editor import hover_values

    word = _word(module, line, column)
    headed = next((f for f in _functions(module) if f.header.line <= line <= f.header.end_line), None)
    target = headed.id.qualname if headed is not None else _called(module, line, word)
    if target:
        return _explained(server, document, module, target)
    within = enclosing(module, line)
    run = server.glances.last_run(document.path, within) if within else None
    told = run.values.get((document.path, line), ()) if run and word else ()
    return hover_values(word, told, run.call) if run and told else ""


def _explained(server: Server, document: TextDocument, module: Module, qualname: str) -> str:
    """The checked explanation, or the static one with the reason."""
    from codeassist.rendering.editor import hover as rendered
    from codeassist.rendering.editor import hover_static

    function = next(f for f in module.functions if f.id.qualname == qualname)
    if not server.is_saved(document):
        return hover_static(function, UNSAVED)
    glances, path = server.glances, document.path
    if glances.explanation(path, qualname) is None and not glances.failure(path, qualname):
        with contextlib.suppress(TooSlow):
            glances.later(path, qualname, server.refresh).result(PATIENCE)
    known = glances.explanation(path, qualname)
    if known is None:
        return hover_static(function, glances.failure(path, qualname) or CHECKING)
    return rendered(known, str(server.flags.get("lang") or "en"))


def _called(module: Module, line: int, word: str) -> str:
    """The function of this file that a call on the line names; empty for any other word."""
    sites = [s for s in module.call_sites if s.span.line <= line <= s.span.end_line]
    if not any(site.callee.rpartition(".")[2] == word for site in sites):
        return ""
    known = [f.id.qualname for f in _functions(module) if f.name == word]
    return known[0] if len(known) == 1 else ""


def _functions(module: Module) -> list[Function]:
    return [f for f in module.functions if f.kind not in ("module", "class", "lambda")]


def _word(module: Module, line: int, column: int) -> str:
    lines = module.source.lines
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return next((m[0] for m in _WORD.finditer(text) if m.start() <= column <= m.end()), "")


def lenses(server: Server, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
    """Above each function: run it, how it grows, how many call it."""
    document = server.workspace.get_text_document(params.text_document.uri)
    module = server.module(document)
    if module is None:
        return []
    server.solve(server.folder())
    found = []
    for function in _functions(module):
        at = lsp.Position(function.header.line - 1, 0)
        for title, command, words in _titles(server, document, function):
            found.append(lsp.CodeLens(lsp.Range(at, at), lsp.Command(title, command, arguments=words)))
    return found


def _titles(server: Server, document: TextDocument, function: Function) -> list[tuple[str, str, list[Any]]]:
    words = [document.uri, function.id.qualname]
    titles = []
    if server.may_run:
        last = server.glances.last_run(document.path, function.id.qualname)
        titles.append((f"{last.call} {last.outcome}" if last else "run this function", RUN, words))
    known = server.glances.explanation(document.path, function.id.qualname)
    if known is not None and known.complexity:
        titles.append((f"O({known.complexity['class']})", EXPLAIN, words))
    known_callers = server.callers.get(server.folder(), {})
    count = known_callers.get((os.path.realpath(document.path), function.id.qualname))
    if count is not None:
        titles.append((f"{count} caller{'' if count == 1 else 's'}", EXPLAIN, words))
    return titles


def _callers(graph: CallGraph) -> dict[tuple[str, str], int]:
    """(path, qualified name) -> how many other functions call it."""
    calling: dict[str, set[str]] = {name: set() for name in graph.functions}
    for edge in graph.edges:
        if edge.callee in calling and edge.caller != edge.callee:
            calling[edge.callee].add(edge.caller)
    places = {path: os.path.realpath(path) for path in {f.path for f in graph.functions.values()}}
    return {(places[f.path], f.qualname): len(calling[name]) for name, f in graph.functions.items()}


def hints(server: Server, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
    """At the end of each line: what it stored in the last run."""
    from codeassist.rendering.editor import hint

    document = server.workspace.get_text_document(params.text_document.uri)
    if not server.is_saved(document):
        return []
    found = []
    for line, told in sorted(server.glances.values(document.path).items()):
        if params.range.start.line <= line - 1 <= params.range.end.line and line <= len(document.lines):
            end = len(document.lines[line - 1].rstrip("\r\n"))
            at = document.position_codec.position_to_client_units(document.lines, lsp.Position(line - 1, end))
            found.append(lsp.InlayHint(at, hint(told), padding_left=True))
    return found


def opened(server: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    """A file was opened: look what its change does."""
    _review(server, params.text_document.uri)


def saved(server: Server, params: lsp.DidSaveTextDocumentParams) -> None:
    """A file was saved: what was known of it is old."""
    server.solve(server.folder(), again=True)
    server.refresh()
    _review(server, params.text_document.uri)


def closed(server: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    """A file was closed: forget its text and its findings."""
    server.modules.pop(params.text_document.uri, None)
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))


def run_function(server: Server, uri: str, qualname: str, *call: str) -> dict[str, Any]:
    """The command behind "run this function": its values then stand beside the lines.

    A third argument is the call to run; without it one is found as `explain` finds it.
    """
    document = _document(server, uri)
    if not server.may_run:
        raise JsonRpcInvalidParams("this server was started with --no-run")
    try:
        run = server.glances.run(document.path, str(qualname), str(call[0]) if call else "")
    except CodeassistError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    server.window_show_message(
        lsp.ShowMessageParams(lsp.MessageType.Info, f"{run.call} {run.outcome} · {run.events} events")
    )
    server.glances.later(document.path, str(qualname), server.refresh)
    server.refresh()
    return {"call": run.call, "outcome": run.outcome, "events": run.events}


def explain_function(server: Server, uri: str, qualname: str) -> str:
    """The command behind a lens with a fact: the whole hover as Markdown, waited for."""
    document = _document(server, uri)
    module = server.module(document)
    if module is None or not any(f.id.qualname == qualname for f in _functions(module)):
        raise JsonRpcInvalidParams(f"{document.filename} has no function {qualname!r}")
    server.glances.later(document.path, qualname, server.refresh).result()
    return _explained(server, document, module, qualname)


def _document(server: Server, uri: str) -> TextDocument:
    if not isinstance(uri, str) or not uri.startswith("file:"):
        raise JsonRpcInvalidParams(f"{uri!r} is no file")
    return server.workspace.get_text_document(uri)


def _review(server: Server, uri: str) -> None:
    """Findings on what changed in the file since the last commit, shown when they are there."""
    path = uris.to_fs_path(uri)
    if not (server.may_review and server.may_run and path):
        return

    def work() -> None:
        from codeassist.pipeline.reviewing import ReviewOptions, review

        found: list[lsp.Diagnostic] = []
        with (
            contextlib.suppress(CodeassistError),
            pipeline.session(path, **{"budget": REVIEW_BUDGET, **_given(server.flags)}) as session,
        ):
            told = review(os.path.dirname(path), session, ReviewOptions(files=(path,)))
            found = [
                _diagnostic(f) for f in told.findings if os.path.basename(f.path) == os.path.basename(path)
            ]
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found))

    server.glances.work(work)


def _given(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


def _diagnostic(finding: Finding) -> lsp.Diagnostic:
    start = lsp.Position(max(0, finding.line - 1), finding.column)
    end = (
        lsp.Position(finding.end_line - 1, finding.end_column)
        if finding.end_line
        else lsp.Position(finding.line, 0)
    )
    shown = finding.counterexample or {}
    more = f"\n{shown['call']}: {shown['old']} → {shown['new']}" if shown else ""
    return lsp.Diagnostic(
        lsp.Range(start, end),
        finding.message + more,
        severity=LEVELS.get(finding.level, lsp.DiagnosticSeverity.Information),
        code=finding.rule,
        source="codeassist",
    )
