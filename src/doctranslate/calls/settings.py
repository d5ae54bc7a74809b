"""How a model is asked: by argument, else by environment, else by ``doctranslate.toml``."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypedDict
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from doctranslate.config import is_offline
from doctranslate.errors import ConfigError

DEFAULT_MODEL = "openai:gpt-4o-mini"
FILE_NAME = "doctranslate.toml"
_NAMED = ("model", "base_url", "api_key")


class ModelSettings(BaseModel):
    """How a model is asked.

    Attributes:
        model: ``provider:model``, as LangChain's ``init_chat_model`` takes it.
        base_url: Address of an OpenAI-compatible endpoint; None for the provider's own.
        api_key: None leaves it to the provider's own way to find one.
        temperature: Sampling temperature, 0 to 2; None leaves it to the model, as some demand.
        seed: For endpoints that can repeat an answer; sample n is asked for with ``seed + n``.
        max_tokens: Longest reply, in tokens; None leaves it to the endpoint.
        timeout_s: Seconds to wait for an answer, for each attempt.
        max_retries: Further attempts after a rate limit, a timeout or a failure of the endpoint.
        max_workers: Calls at the same time.
        requests_per_minute: The endpoint's limit; None when none is known.
        tokens_per_minute: The same, for tokens sent and received.
        deadline_s: Seconds for everything that one job asks; None for no end.
        max_cost_usd: What all calls of one engine may cost together; None for no limit.
        cache: Whether replies are kept, and asked for no second time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    model: str = Field(default=DEFAULT_MODEL, pattern=r"^[^:]+:.+$")
    base_url: str | None = None
    api_key: SecretStr | None = None
    temperature: float | None = Field(default=0, ge=0, le=2)
    seed: int | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    timeout_s: float = Field(default=120, gt=0)
    max_retries: int = Field(default=5, ge=0, le=100)
    max_workers: int = Field(default=8, ge=1, le=256)
    requests_per_minute: float | None = Field(default=None, gt=0)
    tokens_per_minute: float | None = Field(default=None, gt=0)
    deadline_s: float | None = Field(default=None, gt=0)
    max_cost_usd: float | None = Field(default=None, ge=0)
    cache: bool = True

    @property
    def provider(self) -> str:
        """What stands before the colon."""
        return self.model.partition(":")[0]


class Given(TypedDict, total=False):
    """The fields of `ModelSettings` as keyword arguments."""

    base_url: str | None
    api_key: str | None
    temperature: float | None
    seed: int | None
    max_tokens: int | None
    timeout_s: float
    max_retries: int
    max_workers: int
    requests_per_minute: float | None
    tokens_per_minute: float | None
    deadline_s: float | None
    max_cost_usd: float | None
    cache: bool


def resolve(given: Mapping[str, Any] | None = None, *, start: Path | None = None) -> ModelSettings:
    """Bring together what is said of a model: by the caller, else the environment, else the file, else by default.

    ``$DOCTRANSLATE_MODEL`` may name a model without its provider where ``$OPENAI_BASE_URL`` is set.
    ``$DOCTRANSLATE_TEMPERATURE``, ``$DOCTRANSLATE_MAX_COST_USD`` and so on give the other fields; an empty one
    counts as not set, and ``none`` as None. `FILE_NAME`, in the working folder or above it, has them in its table
    ``[model]``. An address that only the file gives is never sent the key in ``$OPENAI_API_KEY``, since the file may
    have come with somebody else's project: it gets ``$DOCTRANSLATE_API_KEY``.

    Args:
        given: Fields of `ModelSettings`.
        start: Folder where the search for the file begins; default the working folder.

    Raises:
        ConfigError: A field is unknown or has a value that is not allowed; the file cannot be read.
    """
    given = {key: value for key, value in (given or {}).items() if key not in _NAMED or value is not None}
    file, environment = _from_file(start or Path.cwd()), _from_environment()
    if given.get("model") or environment.get("model"):
        file.pop("base_url", None)  # a model that is named elsewhere is not at the address of the file's own
    address = given.get("base_url") or environment.get("base_url") or file.get("base_url")
    fields = {**file, **environment, **given, "base_url": address}
    model = str(fields.get("model") or DEFAULT_MODEL)
    fields["model"] = model if ":" in model or not address else f"openai:{model}"
    provider = fields["model"].partition(":")[0]
    if provider != "openai" and not given.get("base_url"):
        fields["base_url"] = file.get("base_url")  # $OPENAI_BASE_URL is about one provider only
    if "api_key" not in fields:
        is_from_file = bool(address) and address == file.get("base_url") and not given.get("base_url")
        fields["api_key"] = _key(provider, is_from_file=is_from_file)
    return _validated(fields)


class Origin(NamedTuple):
    """One setting in force.

    Attributes:
        name: Field of `ModelSettings`.
        value: For people; of the key only whether there is one.
        origin: ``argument``, ``environment``, the file's path, or ``default``.
    """

    name: str
    value: str
    origin: str


def explain(given: Mapping[str, Any] | None = None, *, start: Path | None = None) -> list[Origin]:
    """The settings that `resolve` gives, and where each comes from.

    Args:
        given: See `resolve`.
        start: See `resolve`.

    Raises:
        ConfigError: See `resolve`.
    """
    found = resolve(given, start=start)
    path = _file(start or Path.cwd())
    file, environment = _from_file(start or Path.cwd()), _from_environment()
    rows = []
    for name in ModelSettings.model_fields:
        value = getattr(found, name)
        if name == "api_key":
            rows.append(Origin(name, "set" if value else "not set", "environment" if value else ""))
            continue
        origin = "default"
        if given and given.get(name) is not None:
            origin = "argument"
        elif name in environment and value is not None:
            origin = "environment"
        elif name in file and value is not None:
            origin = str(path)
        rows.append(Origin(name, "none" if value is None else str(value), origin))
    return rows


def names_a_model(start: Path | None = None) -> bool:
    """Whether environment or file say which model to use, or a key of OpenAI's is there.

    Args:
        start: See `resolve`.
    """
    return bool(
        os.environ.get("DOCTRANSLATE_MODEL", "").strip()
        or os.environ.get("OPENAI_API_KEY", "").strip()
        or _from_file(start or Path.cwd()).get("model")
    )


def calls_forbidden(base_url: str | None) -> bool:
    """Whether ``$DOCTRANSLATE_OFFLINE`` forbids calls to an address: to all but those of this machine."""
    return is_offline() and not _is_loopback(base_url)


def _is_loopback(base_url: str | None) -> bool:
    try:
        host = urlsplit(base_url or "").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _validated(fields: dict[str, Any]) -> ModelSettings:
    try:
        return ModelSettings.model_validate(fields)
    except ValidationError as exc:
        first = exc.errors(include_input=False)[0]
        name = ".".join(map(str, first["loc"]))
        if name == "model":
            raise ConfigError(
                f"model {fields['model']!r} is not 'provider:model', such as {DEFAULT_MODEL!r}"
            ) from None
        raise ConfigError(f"setting {name!r} of the model: {first['msg']}") from None


def _key(provider: str, *, is_from_file: bool) -> str | None:
    own = os.environ.get("DOCTRANSLATE_API_KEY", "").strip()
    if own or provider != "openai" or is_from_file:
        return own or None
    return os.environ.get("OPENAI_API_KEY", "").strip() or None


def _from_environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ModelSettings.model_fields:
        text = os.environ.get(f"DOCTRANSLATE_{name.upper()}", "").strip()
        # The cache of replies can be switched off; $DOCTRANSLATE_CACHE is the folder of all caches.
        if text and name not in ("api_key", "cache", "base_url"):
            found[name] = None if text.lower() == "none" else text
    if address := os.environ.get("OPENAI_BASE_URL", "").strip():
        found["base_url"] = address
    return found


def _file(start: Path) -> Path | None:
    folders = (start, *start.parents)
    return next((folder / FILE_NAME for folder in folders if (folder / FILE_NAME).is_file()), None)


def _from_file(start: Path) -> dict[str, Any]:
    path = _file(start)
    if path is None:
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("model", {})
    except (OSError, ValueError) as exc:
        raise ConfigError(f"{path} cannot be read: {exc}") from exc
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [model] is not a table")
    fields = {("model" if name == "name" else name): value for name, value in table.items()}
    if "api_key" in fields:
        raise ConfigError(f"{path}: keys do not belong into a file: set DOCTRANSLATE_API_KEY")
    if unknown := sorted(set(fields) - set(ModelSettings.model_fields)):
        known = ", ".join(sorted(set(ModelSettings.model_fields) - {"api_key"}))
        raise ConfigError(f"{path}: [model] has no field {unknown[0]!r}; there are {known}")
    return fields
