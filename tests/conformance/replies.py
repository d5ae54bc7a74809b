"""What the models of both servers say, by their names."""

from __future__ import annotations

import json
from typing import Any

from ..model_server import Answer, chat, error, no_such_model, refused

CODE = "from dvc.repo import Repo\n\nrepo = Repo('.')\nrepo.scm.tag('v1')\n"
DIGEST = json.dumps(
    {"description": "Names a commit.", "signatures": ["tag(name)"], "example": "", "relevant": True}
)
COUNTERPART = json.dumps(
    {
        "queries": ["tag a version"],
        "documents": [
            {"symbol": "Git.tag", "description": "Tags.", "signatures": ["tag(name)"], "example": ""}
        ],
    }
)
TEXTS = {
    "digest": DIGEST,
    "counterpart": COUNTERPART,
    "code": f"Here it is:\n\n```python\n{CODE}```\n",
    "prose": "I would rather talk about it, said the model: caf\N{LATIN SMALL LETTER E WITH ACUTE}.",
}
CUT = "```python\nfrom dvc.repo import"
FAILING = {
    "limited": "litellm.RateLimitError",
    "broken": "litellm.InternalServerError",
    "small": "litellm.ContextWindowExceededError",
}


def ours(body: dict[str, Any]) -> Answer:
    """The same from the server that we wrote."""
    name = body["model"]
    if name in TEXTS:
        return chat(TEXTS[name], usage=(10, 20), model=name)
    return {
        "cut": chat(CUT, finish_reason="length", model=name),
        "empty": chat("", model=name),
        "filtered": chat("", finish_reason="content_filter", model=name),
        "refusing": refused(),
        "limited": error(429, "this is a mock rate limit error", headers={"Retry-After": "1"}),
        "broken": error(500, "this is a mock internal server error"),
        "small": error(400, "too long", code="context_length_exceeded"),
        "slow": chat("late", delay_s=60),
    }.get(name) or no_such_model(name)


def litellm_models() -> list[dict[str, Any]]:
    """The models of LiteLLM's configuration."""
    said: dict[str, Any] = {**TEXTS, **FAILING, "cut": _whole(CUT, "length"), "slow": "late"}
    said |= {"empty": _whole("", "stop"), "filtered": _whole("", "content_filter")}
    return [
        {
            "model_name": name,
            "litellm_params": {
                "model": f"openai/{name}",
                "api_key": "none",
                "mock_response": reply,
                **({"mock_delay": 60} if name == "slow" else {}),
            },
        }
        for name, reply in said.items()
    ]


def _whole(content: str, finish: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {"model": "cut", "choices": [{"index": 0, "finish_reason": finish, "message": message}]}
