"""The records that flow through doctranslate. All are frozen; those that cross a file or a network are pydantic."""

from __future__ import annotations

import difflib
import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from doctranslate.apis import ApiIndex

if TYPE_CHECKING:
    from doctranslate.analysis.usages import Read

Strategy = Literal["none", "docs", "llm", "llm-docs"]
QueryMode = Literal["calls", "code"]
VerifyLevel = Literal["none", "static", "execute", "equivalence"]
ChunkKind = Literal["api", "guide", "example", "cli"]
Outcome = Literal["pass", "fail", "skipped"]


class Record(BaseModel):
    """Base of the pydantic records: frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(Record):
    """One document as a source delivers it.

    Attributes:
        uri: Where it came from: ``https://…``, ``file:…`` or ``pypi:dvc@3.67.1#dvc.repo.Repo``.
        title: For people.
        media_type: ``text/html``, ``text/markdown``, ``text/x-rst``, ``text/plain`` or ``text/x-python-api``.
        text: The content.
        symbol: Qualified name of the object that the page documents, or "" for prose; ``cli:add`` for a command.
        kind: What its chunks are.
        signatures: Signature lines, verbatim.
        links: Symbols that say the same thing elsewhere (``cli:add`` for ``dvc.repo.add.add``).
        selector: CSS selector of the content, of a page of HTML; "" lets it be found.
        anchors: Line of a heading in the text, from 0, to the anchor that leads there.
        fetched_at: When it was read, or None for what is read from an installed distribution.
    """

    uri: str
    title: str
    media_type: str = "text/plain"
    text: str
    symbol: str = ""
    kind: ChunkKind = "guide"
    signatures: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    selector: str = ""
    anchors: Mapping[int, str] = {}
    fetched_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Chunk(Record):
    """The unit of retrieval: one object, one example, or one section of a guide.

    Attributes:
        id: First 32 hex digits of the SHA-256 over uri, symbol, headings and text.
        uri: Of the page, with an anchor where there is one.
        headings: Path of headings that leads to it, outermost first.
        symbol: Qualified name (``scmrepo.git.Git.tag``), ``cli:add``, or "".
        kind: ``api``, ``guide``, ``example`` or ``cli``.
        text: The text, verbatim.
        signatures: Signature lines, verbatim; what a digest may not lose.
        links: Symbols documented elsewhere that this chunk says more about.
        n_tokens: Length of the text in tokens, as `doctranslate.prompts.budget.count_tokens` counts.
    """

    id: str
    uri: str
    headings: tuple[str, ...] = ()
    symbol: str = ""
    kind: ChunkKind = "guide"
    text: str
    signatures: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    n_tokens: int = Field(ge=0)

    @staticmethod
    def make_id(uri: str, symbol: str, headings: Sequence[str], text: str) -> str:
        """The content hash that names a chunk: equal content, equal id."""
        digest = hashlib.sha256("\x1f".join([uri, symbol, *headings, text]).encode())
        return digest.hexdigest()[:32]


class Digest(Record):
    """A chunk condensed to what a translation needs.

    Attributes:
        chunk_id: The chunk that it condenses.
        description: What the object or section is for, in a sentence or two.
        signatures: Signature lines, verbatim from the chunk.
        example: Example code, verbatim from the chunk, or "".
        search_words: Other words by which a search should find the chunk; not shown in a prompt.
        relevant: False for change logs, contribution guides and the like: such chunks are not retrieved.
        engine: What wrote it: ``offline`` or ``openai:gpt-4o-mini``.
        prompt_hash: Of the prompt that was used, or of the extraction rules.
        n_dropped: Lines of signatures and code that the engine wrote and the chunk does not have; they are not kept.
    """

    chunk_id: str
    description: str
    signatures: tuple[str, ...] = ()
    example: str = ""
    search_words: str = ""
    relevant: bool = True
    engine: str = "offline"
    prompt_hash: str = ""
    n_dropped: int = Field(default=0, ge=0)


@dataclass(frozen=True, slots=True)
class Document:
    """A chunk with its digest, as a store gives it back.

    Attributes:
        chunk: The chunk.
        digest: Its digest.
        score: Fused retrieval score, higher is better; 0.0 where no query was made.
        query: The query that found it, or "".
        component: Name of the component whose store it came from; "" for one that an engine wrote.
    """

    chunk: Chunk
    digest: Digest
    score: float = 0.0
    query: str = ""
    component: str = ""

    @property
    def generated(self) -> bool:
        """Whether an engine wrote it: it backs nothing."""
        return not self.component

    def for_prompt(self) -> str:
        """The document as a prompt shows it: symbol, description, signatures, example."""
        parts = [self.chunk.symbol or " > ".join(self.chunk.headings), self.digest.description]
        parts += list(self.digest.signatures)
        if self.digest.example:
            parts.append(self.digest.example)
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ApiUsage:
    """One use of the source library in a program.

    Attributes:
        symbol: Canonical qualified name: ``git.repo.base.Repo.create_tag``; a dynamic command as ``git.cmd.Git.add``.
        line: 1-based.
        column: 0-based, in characters.
        code: The expression, verbatim.
        resolved: False when only the name suggests it: then ``symbol`` is the bare attribute name.
    """

    symbol: str
    line: int
    column: int
    code: str
    resolved: bool = True


class Usage(Record):
    """What a translation cost.

    Attributes:
        n_calls: Calls to a model that were answered now.
        n_cached: Calls whose reply was kept from before: they cost nothing.
        prompt_tokens: As the endpoint reported them, without what was kept.
        completion_tokens: As the endpoint reported them, without what was kept.
        cost_usd: What the calls cost; None where a price is not known.
        seconds: Wall-clock time of the whole translation.
    """

    n_calls: int = 0
    n_cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            n_calls=self.n_calls + other.n_calls,
            n_cached=self.n_cached + other.n_cached,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost_usd=(self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None,
            seconds=self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What retrieval found for one program.

    Attributes:
        docs_src: Docs-X, best first.
        docs_dst: Docs-Y, best first.
        queries: The texts that were put to Y's store (or, for ``llm``, to the engine), in order.
        strategy: The strategy that was used.
        usage: What the engine's part in it cost.
    """

    docs_src: tuple[Document, ...] = ()
    docs_dst: tuple[Document, ...] = ()
    queries: tuple[str, ...] = ()
    strategy: Strategy = "none"
    usage: Usage = field(default_factory=Usage)


class Message(Record):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


class Prompt(Record):
    """What is put to an engine.

    Attributes:
        messages: In order.
        n_tokens: Length of all messages together.
        counted_by: Name of the tokenizer, or ``estimate`` where none could be loaded.
        dropped: Chunk ids that were left out to keep the budget, least relevant first.
        template_hash: SHA-256 (16 hex digits) of the template files it was made from.
    """

    messages: tuple[Message, ...]
    n_tokens: int = Field(ge=0)
    counted_by: str
    dropped: tuple[str, ...] = ()
    template_hash: str = ""


class Finding(Record):
    """One thing a check found, at a line of the translated code (1-based; 0 for the file as a whole)."""

    line: int
    message: str


class Difference(Record):
    """One thing that a translated program leaves otherwise than its source.

    Attributes:
        kind: ``stdout``, ``exit``, ``commits``, ``tag``, ``file``, ``data``, ``worktree``, ``clone``…
        where: Repository, branch, commit, path or stream.
        source: What the source leaves there, for people.
        translation: What the translation leaves there.
        reason: What is likely behind it; "" when nothing points to it.
    """

    kind: str
    where: str
    source: str
    translation: str
    reason: str = ""

    def __str__(self) -> str:
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.kind}, {self.where}: source {self.source}; translation {self.translation}{why}"


class Check(Record):
    """The result of one check.

    Attributes:
        name: ``parses``, ``no-source-imports``, ``calls-exist``, ``nothing-dangerous``…
        outcome: ``pass``, ``fail``, or ``skipped``.
        reason: Why it was skipped, or what it covered: how many calls it judged, and how many it could not.
        findings: What it found, by line.
        differences: What the translation leaves otherwise than its source.
    """

    name: str
    outcome: Outcome
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()


class Report(Record):
    """All checks of one translation, in the order of the ladder."""

    checks: tuple[Check, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no check failed. A skipped check is not a failure, and shows as skipped."""
        return all(check.outcome != "fail" for check in self.checks)

    def __str__(self) -> str:
        marks = {"pass": "pass", "fail": "FAIL", "skipped": "skipped"}
        lines = []
        for check in self.checks:
            lines.append(
                f"{marks[check.outcome]:8}{check.name}" + (f": {check.reason}" if check.reason else "")
            )
            lines += [f"        line {finding.line}: {finding.message}" for finding in check.findings]
            lines += [f"        {difference}" for difference in check.differences]
        return "\n".join(lines)


class Translated(Record):
    """A use of the source library that was translated.

    Attributes:
        line: 1-based, in the source program.
        symbol: Qualified name on the source library.
        code: The expression, verbatim.
        targets: Qualified names on the target library that its rule writes.
    """

    line: int
    symbol: str
    code: str
    targets: tuple[str, ...] = ()


class Bridged(Record):
    """A use without a counterpart that still runs, on the source library's own object that the target gives access to.

    Attributes:
        line: 1-based, in the source program.
        symbol: Qualified name on the source library.
        code: The expression, verbatim.
        reason: Why it was not translated.
    """

    line: int
    symbol: str
    code: str
    reason: str


class Unresolved(Record):
    """A use of the source library that was not translated, and does not run in the new program as it stands.

    Attributes:
        line: 1-based, in the source program.
        symbol: Qualified name, or the bare name where it could not be resolved.
        code: The expression, verbatim.
        reason: Why it was not translated.
    """

    line: int
    symbol: str
    code: str
    reason: str


class Note(Record):
    """A call that was translated and means something slightly else. ``line`` is 1-based, in the source program."""

    line: int
    message: str


class Round(Record):
    """One try of a model at a program.

    Attributes:
        number: 0 for the first try, then the rounds of repair.
        code: The program that came of it; "" when none did.
        failed: Names of the checks that failed after it.
        fixed: Names of those that failed before it and do no more.
        problem: Why no program came of it.
        usage: What it cost.
    """

    number: int
    code: str = ""
    failed: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    problem: str = ""
    usage: Usage = Usage()

    def __str__(self) -> str:
        title = f"repair {self.number}" if self.number else "first try"
        if self.problem:
            return f"{title}: {self.problem}"
        parts = [f"fixed {', '.join(self.fixed)}"] if self.fixed else []
        parts += [f"failed {', '.join(self.failed)}"] if self.failed else []
        return f"{title}: {'; '.join(parts) or 'no check failed'}"


class Citation(Record):
    """Which documentation backs a new call.

    Attributes:
        line: 1-based, in the translated program.
        symbol: Qualified name of the call on the target library.
        chunk_ids: Chunks that document it; empty when no retrieved document backs it.
        uris: Their addresses, in the same order.
        version: Version of the documented distribution.
        retrieved: Whether the documents were among those retrieved for this translation; when False they were
            looked up by name afterwards.
    """

    line: int
    symbol: str
    chunk_ids: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    version: str = ""
    retrieved: bool = True

    def __str__(self) -> str:
        where = ", ".join(self.uris)
        if self.retrieved and where:
            return f"line {self.line}: {self.symbol} ({self.version}) ← {where}"
        elsewhere = f"; documented in {where}" if where else ""
        return f"line {self.line}: {self.symbol}: not backed by any retrieved document{elsewhere}"


@dataclass(frozen=True, slots=True)
class Job:
    """A program to rewrite, with all that is known about it.

    Attributes:
        code: The program, its line ends as they are.
        src: Name of the source component.
        dst: Name of the target component.
        usages: Which calls on the source library it makes.
        data: Globs of paths that are data, given by the caller; None when the program alone decides.
        data_remote: Address for data when the target has no default remote, or None.
        bridge: Whether a use without a counterpart may run on the source library's own object.
        src_api: What the source library offers; what the rules tell types by.
        types: Type names of expressions by (line, column) where they end, as `doctranslate.analysis` found them.
        read: The program as `doctranslate.analysis` has read it, or None: it is read again then.
        sample: Which of several translations of the same program is wanted, 0 or more.
        draft: The program as the rules leave it, for a model to finish; "" without one.
        left: What a draft leaves to be done.
    """

    code: str
    src: str
    dst: str
    usages: tuple[ApiUsage, ...] = ()
    data: tuple[str, ...] | None = None
    data_remote: str | None = None
    bridge: bool = True
    src_api: ApiIndex | None = None
    types: Mapping[tuple[int, int], str] = field(default_factory=dict)
    read: Read | None = field(default=None, repr=False, compare=False)
    sample: int = 0
    draft: str = ""
    left: tuple[Unresolved, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What an engine gives back for a program.

    Attributes:
        code: The new program.
        translated: What was translated, as far as the engine can tell use by use: rules can, a model cannot.
        bridged: What has no counterpart and still runs.
        unresolved: What was not translated.
        notes: What was translated with another meaning.
        usage: What it cost.
    """

    code: str
    translated: tuple[Translated, ...] = ()
    bridged: tuple[Bridged, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[Note, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, repr=False)
class Translation:
    """The result of `doctranslate.translate`.

    Attributes:
        code: The translated program.
        source: The program that was given.
        src: Name of the source component.
        dst: Name of the target component, with its version: ``dvc==3.67.1``.
        strategy: The retrieval strategy.
        engine: What did the rewriting: ``offline``, ``openai:gpt-4o``…
        retrieved: The documents behind it.
        prompt: The prompt as it was, or would have been, sent.
        report: What was checked.
        citations: Which documentation backs each new call.
        translated: Which uses of the source library were translated, and to what; empty for a model's program,
            of which only the whole is known.
        bridged: Which uses have no counterpart and still run, on the source library's own object, with the reason.
        unresolved: Which uses were not translated and do not run as they stand, with the reason.
        notes: What changed its meaning, with line.
        usage: Model calls, tokens, cost, seconds.
        rounds: Each try of a model: the first, with number 0, and what each round of repair fixed.
        path: Name to show in the diff.
    """

    code: str
    source: str
    src: str
    dst: str
    strategy: Strategy
    engine: str
    retrieved: Retrieved
    prompt: Prompt | None
    report: Report
    citations: tuple[Citation, ...] = ()
    translated: tuple[Translated, ...] = ()
    bridged: tuple[Bridged, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[Note, ...] = ()
    usage: Usage = field(default_factory=Usage)
    rounds: tuple[Round, ...] = ()
    path: str = "program.py"

    @property
    def changed(self) -> bool:
        """Whether the code differs from the source."""
        return self.code != self.source

    @property
    def ok(self) -> bool:
        """Whether no check failed, and nothing of the old library was left that the new program cannot run."""
        return self.report.ok and not self.unresolved

    @property
    def ok_at_first(self) -> bool:
        """Whether no check failed in the first try, before any repair."""
        return not self.rounds[0].failed if self.rounds else self.report.ok

    def diff(self, n_context: int = 3) -> str:
        """Unified diff from source to translation, "" when they are equal.

        Args:
            n_context: Lines of context around each change.
        """
        lines = difflib.unified_diff(
            self.source.splitlines(keepends=True),
            self.code.splitlines(keepends=True),
            f"a/{self.path}",
            f"b/{self.path}",
            n=n_context,
        )
        return "".join(
            line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
        )

    def as_dict(self) -> dict[str, Any]:
        """The translation as plain data that fits into JSON: what ``doctranslate translate --json`` prints."""
        documents = {
            side: [
                {"symbol": d.chunk.symbol, "uri": d.chunk.uri, "score": round(d.score, 4), "query": d.query}
                for d in found
            ]
            for side, found in (("docs_src", self.retrieved.docs_src), ("docs_dst", self.retrieved.docs_dst))
        }
        return {
            "code": self.code,
            "diff": self.diff(),
            "changed": self.changed,
            "src": self.src,
            "dst": self.dst,
            "strategy": self.strategy,
            "engine": self.engine,
            "ok": self.ok,
            "report": self.report.model_dump(),
            "translated": [item.model_dump() for item in self.translated],
            "bridged": [item.model_dump() for item in self.bridged],
            "unresolved": [item.model_dump() for item in self.unresolved],
            "notes": [item.model_dump() for item in self.notes],
            "citations": [item.model_dump() for item in self.citations],
            "retrieved": {"queries": list(self.retrieved.queries), **documents},
            "prompt": None
            if self.prompt is None
            else self.prompt.model_dump(include={"n_tokens", "counted_by", "dropped", "template_hash"}),
            "usage": self.usage.model_dump(),
            "ok_at_first": self.ok_at_first,
            "rounds": [item.model_dump(exclude={"code"}) for item in self.rounds],
        }

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return (
            f"<Translation {self.src} → {self.dst}: {'ok' if self.ok else 'not ok'}, "
            f"{len(self.translated)} translated, {len(self.bridged)} bridged, {len(self.unresolved)} unresolved, "
            f"{len(self.notes)} notes, by {self.engine}>"
        )

    def _repr_html_(self) -> str:
        """For notebooks: the diff with colours, the report, and what was not translated."""
        colours = {"+": "#1a7f37", "-": "#cf222e", "@": "#6639ba"}
        rows = [
            f'<span style="color:{colours.get(line[:1], "inherit")}">{html.escape(line)}</span>'
            for line in self.diff().splitlines()
        ]
        report = html.escape("\n".join([str(self.report), *self._left()]))
        return f"<pre>{chr(10).join(rows) or '(unchanged)'}</pre><pre>{report}</pre>"

    def _left(self) -> list[str]:
        """A line for each try of a model, and for each use that was not translated."""
        titles = (("bridged", self.bridged), ("unresolved", self.unresolved))
        left = [
            f"{title}: line {each.line}: {each.code}: {each.reason}"
            for title, all_ in titles
            for each in all_
        ]
        return [*map(str, self.rounds), *left]
