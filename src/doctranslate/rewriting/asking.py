"""Asks an engine for a program: with secrets masked, and in parts where the whole does not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from doctranslate.engines.base import Engine
from doctranslate.errors import ContextLengthError
from doctranslate.prompts.build import repair_prompt, translation_prompt
from doctranslate.records import Job, Note, Prompt, Report, Retrieved, Rewritten, Unresolved, Usage

if TYPE_CHECKING:
    from doctranslate.privacy import Mask
    from doctranslate.prompts.split import Part

_NOT_COUNTED = Prompt(messages=(), n_tokens=0, counted_by="none")
_SMALLEST = 2_000
_NOTHING = "# (it uses nothing of the rest)"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine was asked for, and gave back.

    Attributes:
        prompt: As it was sent: with placeholders for secrets. The first one, where there were several; None where
            nothing fits and nothing needs one.
        rewritten: The program, with the secrets in their places.
        n_parts: How many prompts the program took.
    """

    prompt: Prompt | None
    rewritten: Rewritten
    n_parts: int = 1


class Asking:
    """One program, one engine.

    Args:
        engine: What rewrites.
        job: The program.
        retrieved: The documents.
        mask: What must not leave the machine.
        max_tokens: Budget for a prompt, in tokens.
    """

    def __init__(
        self,
        engine: Engine,
        job: Job,
        retrieved: Retrieved,
        *,
        mask: Mask | None,
        max_tokens: int,
    ) -> None:
        self.engine = engine
        self.mask = mask
        self._retrieved = retrieved
        self._max_tokens = max_tokens
        self._job = job if mask is None else hidden(job, mask)

    def first(self) -> Asked:
        """The first try.

        Raises:
            ContextLengthError: The program does not fit, not even in parts.
            ModelError: The model failed.
            MalformedReplyError: It gave no program.
        """
        budget = self._max_tokens
        while True:
            try:
                return self._whole(budget)
            except ContextLengthError:
                # The model's window may be smaller than the budget: an answer that was refused costs nothing.
                if not self.engine.is_model or budget < 2 * _SMALLEST:
                    raise
                budget //= 2

    def again(self, asked: Asked, report: Report) -> Asked:
        """Another try, with what the checks found.

        Args:
            asked: The last try.
            report: What they found in it.

        Raises:
            ContextLengthError: Prompt, program and findings do not fit together.
            ModelError: The model failed.
            MalformedReplyError: It gave no program.
        """
        if asked.prompt is None or asked.n_parts > 1:
            raise ContextLengthError(
                "the program was translated in parts: it is too long to be repaired as a whole"
            )
        prompt = repair_prompt(
            asked.prompt,
            self._hide(asked.rewritten.code),
            findings=[self._hide(line) for line in findings_of(report)],
            max_tokens=2 * self._max_tokens,
            model=self._model,
        )
        return Asked(asked.prompt, self._restored(self.engine.rewrite(prompt, self._job)))

    def _whole(self, budget: int) -> Asked:
        try:
            prompt = self._prompt(self._job, budget)
        except ContextLengthError:
            if self.engine.is_model:
                return self._in_parts(budget)
            return Asked(None, self.engine.rewrite(_NOT_COUNTED, self._job))
        return Asked(prompt, self._restored(self.engine.rewrite(prompt, self._job)))

    def _in_parts(self, budget: int) -> Asked:
        from doctranslate.prompts.join import join_parts
        from doctranslate.prompts.split import split_program

        job = self._job
        parts = split_program(job.code, fits=lambda part: self._fits(part, budget))
        prompts, replies = [], []
        unresolved: list[Unresolved] = []
        notes: list[Note] = []
        usage, line = Usage(), 0
        for part in parts:
            if not _is_left_alone(part, job, line):
                own = _job_of(part, job, line)
                prompts.append(self._prompt(own, budget, context=part.context or _NOTHING))
                found = self.engine.rewrite(prompts[-1], own)
                replies.append(found.code)
                unresolved += (_moved(each, line) for each in found.unresolved)
                notes += (each.model_copy(update={"line": each.line + line}) for each in found.notes)
                usage += found.usage
            else:
                replies.append(part.code)
            line += part.code.count("\n")
        code = join_parts(parts, replies, job.src_api.roots if job.src_api else (job.src,))
        whole = Rewritten(code, unresolved=tuple(unresolved), notes=tuple(notes), usage=usage)
        return Asked(prompts[0] if prompts else None, self._restored(whole), n_parts=len(parts))

    def _fits(self, part: Part, budget: int) -> bool:
        try:
            own = replace(self._job, code=part.code, draft="", left=())
            self._prompt(own, budget, context=part.context or _NOTHING)
        except ContextLengthError:
            return False
        return True

    def _prompt(self, job: Job, budget: int, *, context: str = "") -> Prompt:
        return translation_prompt(
            job.code,
            src=job.src,
            dst=job.dst,
            retrieved=self._retrieved,
            max_tokens=budget,
            model=self._model,
            unresolved=job.left,
            draft=job.draft,
            context=context,
        )

    @property
    def _model(self) -> str | None:
        return self.engine.name if self.engine.is_model else None

    def _hide(self, text: str) -> str:
        return text if self.mask is None else self.mask.hide(text)

    def _restored(self, found: Rewritten) -> Rewritten:
        return found if self.mask is None else restored(found, self.mask)


def hidden(job: Job, mask: Mask) -> Job:
    """A job as an engine may see it.

    Args:
        job: The program and what is known of it.
        mask: What must not leave the machine.
    """
    usages = tuple(replace(usage, code=mask.hide(usage.code)) for usage in job.usages)
    # Types and trees belong to the text as it was: only rules read them.
    left = tuple(_hidden_use(each, mask) for each in job.left)
    return replace(
        job,
        code=mask.hide(job.code),
        draft=mask.hide(job.draft),
        usages=usages,
        left=left,
        types={},
        read=None,
    )


def restored(found: Rewritten, mask: Mask) -> Rewritten:
    """What an engine gave back, with the secrets in their places.

    Args:
        found: With placeholders.
        mask: That made them.
    """
    unresolved = tuple(
        each.model_copy(update={"code": mask.restore(each.code), "reason": mask.restore(each.reason)})
        for each in found.unresolved
    )
    notes = tuple(each.model_copy(update={"message": mask.restore(each.message)}) for each in found.notes)
    return replace(found, code=mask.restore(found.code), unresolved=unresolved, notes=notes)


def findings_of(report: Report) -> list[str]:
    """What the failed checks found, a line each, for a model to read.

    Args:
        report: Of the last try.
    """
    lines = []
    for check in report.checks:
        if check.outcome != "fail":
            continue
        lines += [f"{check.name}, line {finding.line}: {finding.message}" for finding in check.findings]
        lines += [f"{check.name}: {difference}" for difference in check.differences]
        if not check.findings and not check.differences:
            lines.append(f"{check.name}: {check.reason}")
    return lines


def _hidden_use(each: Unresolved, mask: Mask) -> Unresolved:
    return each.model_copy(update={"code": mask.hide(each.code), "reason": mask.hide(each.reason)})


def _is_left_alone(part: Part, job: Job, line: int) -> bool:
    """Whether no call of the source library stands in a part: then there is nothing to ask."""
    n_lines = part.code.count("\n") + 1
    return not any(line < usage.line <= line + n_lines for usage in job.usages)


def _job_of(part: Part, job: Job, line: int) -> Job:
    n_lines = part.code.count("\n") + 1
    usages = tuple(
        replace(usage, line=usage.line - line) for usage in job.usages if line < usage.line <= line + n_lines
    )
    return replace(job, code=part.code, usages=usages, draft="", left=())


def _moved(each: Unresolved, line: int) -> Unresolved:
    return each.model_copy(update={"line": each.line + line}) if each.line else each
