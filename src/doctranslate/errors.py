"""Every error that doctranslate raises on purpose.

::

    DocTranslateError
    ├── UsageError                      exit code 2: the caller can mend it
    │   ├── ConfigError
    │   ├── SpecError                   a component's TOML: file, field, reason
    │   ├── UnknownComponentError       with near names
    │   ├── MissingExtraError           names the extra and the command
    │   └── SourceCodeError             the program to translate cannot be read
    ├── CrawlError                      exit code 3: a documentation source failed
    │   ├── BrowserError                no browser, or none that can be started
    │   └── DistributionError           a distribution cannot be had or unpacked safely
    ├── ModelError                      exit code 3: a model or its endpoint failed
    │   ├── ModelAuthError
    │   ├── ModelRateLimitError
    │   │   └── ModelQuotaError         the account has nothing left: waiting does not help
    │   ├── ModelTimeoutError
    │   ├── ModelUnavailableError       the endpoint is not reached, or failed
    │   ├── ModelStoppedError           the caller stopped the job, or its time is over
    │   ├── CostLimitError              the next call could go over max_cost_usd
    │   ├── ContextLengthError
    │   └── MalformedReplyError         keeps the raw reply
    ├── StoreError                      exit code 3
    │   ├── StoreMissingError
    │   ├── StoreMismatchError          built by another embedder, version or format
    │   └── StoreCorruptError           cut off or edited by hand
    └── VerificationError               exit code 3: a check could not run at all
        └── IsolationError              this machine cannot keep a program apart as far as was asked

A failed check is not an error: it is a value in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class DocTranslateError(Exception):
    """Base of all errors of doctranslate.

    Attributes:
        exit_code: What the command line exits with when this error ends it.
    """

    exit_code = 1


class UsageError(DocTranslateError):
    """The caller asked for something that cannot be done as asked."""

    exit_code = 2


class ConfigError(UsageError):
    """A setting has a value that is not allowed."""


class SpecError(UsageError):
    """A component's TOML is wrong.

    Attributes:
        path: The file, or None for a specification given in memory.
        field: Dotted name of the field, such as ``docs.0.url``.
        reason: What is wrong with it.
    """

    def __init__(self, path: Path | None, field: str, reason: str) -> None:
        self.path = path
        self.field = field
        self.reason = reason
        super().__init__(f"{path or 'component specification'}: field '{field}': {reason}")


class UnknownComponentError(UsageError):
    """No component, and no distribution, has this name.

    Attributes:
        name: The name that was asked for.
        near: Known names that look like it, best first.
    """

    def __init__(self, name: str, *, near: Sequence[str] = ()) -> None:
        self.name = name
        self.near = tuple(near)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        super().__init__(
            f"unknown component {name!r}: no TOML describes it and no distribution of that name is installed "
            f"or can be downloaded.{hint} 'doctranslate components' lists what is known."
        )


class MissingExtraError(UsageError):
    """An optional package is needed for what was asked.

    Attributes:
        package: Import name that failed.
        extra: The extra of doctranslate that installs it.
    """

    def __init__(self, package: str, *, extra: str, needed_for: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(
            f"{needed_for} needs the package {package!r}: run  pip install 'doctranslate[{extra}]'"
        )


class SourceCodeError(UsageError):
    """The program to translate cannot be read as Python.

    Attributes:
        line: 1-based line of the problem, or None when it has none.
    """

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        self.line = line
        super().__init__(f"line {line}: {reason}" if line else reason)


class CrawlError(DocTranslateError):
    """A documentation source could not be read."""

    exit_code = 3


class BrowserError(CrawlError):
    """No browser was found, or it could not be started."""


class DistributionError(CrawlError):
    """A distribution is not installed, cannot be downloaded, or is not safe to unpack."""


class ModelError(DocTranslateError):
    """A model, or the endpoint it is reached by, failed.

    Attributes:
        model: Name of the model.
        retry_after_s: Seconds the endpoint asked to wait, or None.
    """

    exit_code = 3

    def __init__(self, message: str, *, model: str = "", retry_after_s: float | None = None) -> None:
        self.model = model
        self.retry_after_s = retry_after_s
        super().__init__(message)


class ModelAuthError(ModelError):
    """The endpoint refused the key, or none was given."""


class ModelRateLimitError(ModelError):
    """The endpoint asked for fewer requests."""


class ModelQuotaError(ModelRateLimitError):
    """The account has no credit left: waiting does not help."""


class ModelTimeoutError(ModelError):
    """No answer within the time allowed."""


class ModelUnavailableError(ModelError):
    """The endpoint cannot be reached, broke off, or failed by its own fault."""


class ModelStoppedError(ModelError):
    """The job was stopped, or its time is over; what was answered is kept."""


class CostLimitError(ModelError):
    """The next call could cost more than was allowed; it was not made, and what was answered is kept."""


class ContextLengthError(ModelError):
    """The prompt is longer than the model's context window."""


class MalformedReplyError(ModelError):
    """The reply cannot be used.

    Attributes:
        reply: The raw reply, so that nothing paid for is lost.
    """

    def __init__(self, message: str, *, model: str = "", reply: str = "") -> None:
        self.reply = reply
        super().__init__(message, model=model)


class StoreError(DocTranslateError):
    """A document store cannot be used."""

    exit_code = 3


class StoreMissingError(StoreError):
    """There is no store for this component where one was looked for."""


class StoreMismatchError(StoreError):
    """A store is whole, but not the one that was asked for.

    Attributes:
        field: What differs: embedder, version, format…
        expected: What was asked for.
        found: What the store's manifest says.
    """

    def __init__(self, path: Path, *, field: str, expected: Any, found: Any, remedy: str) -> None:
        self.path = path
        self.field = field
        self.expected = expected
        self.found = found
        super().__init__(f"store {path}: {field} is {found!r}, expected {expected!r}. {remedy}")


class StoreCorruptError(StoreError):
    """A store's files are not the ones its manifest lists."""


class VerificationError(DocTranslateError):
    """A check could not run; says nothing about the code that was to be checked."""

    exit_code = 3


class IsolationError(VerificationError):
    """This machine cannot keep a program apart as far as was asked; nothing was run.

    Attributes:
        level: The level that was asked for.
        reasons: Why each mechanism that would reach it does not work here.
    """

    def __init__(self, level: str, reasons: Sequence[str]) -> None:
        self.level = level
        self.reasons = tuple(reasons)
        tried = "; ".join(reasons) or "no mechanism reaches it"
        super().__init__(
            f"isolation {level!r} cannot be had on this machine ({tried}). Install bubblewrap (apt install "
            "bubblewrap), or allow user namespaces (sysctl -w kernel.unprivileged_userns_clone=1 or "
            "user.max_user_namespaces=10000; on Ubuntu load bubblewrap's AppArmor profile, or set "
            "kernel.apparmor_restrict_unprivileged_userns=0; a container needs --cap-add SYS_ADMIN --security-opt "
            "seccomp=unconfined). Or run it unprotected: isolation='none', on the command line --isolation none."
        )
