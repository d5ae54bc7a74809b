"""Whole programs, wrapped in every way that models have."""

from __future__ import annotations

import html
import json

from .case import SOURCE, TRANSLATED, ReplyCase, fenced

_OTHER = "def unrelated():\n    return 1\n"
_IN_STRING = TRANSLATED + 'HELP = """\nUse it so:\n```\npython publish.py\n```\n"""\n'
_ELLIPSIS = SOURCE + "\n\nclass Stub:\n    def later(self): ...\n"


def _accepted(name: str, reply: str, code: str = TRANSLATED, source: str = SOURCE) -> ReplyCase:
    return ReplyCase("wrapping", name, reply, "accepted", code, source)


WRAPPED = [
    _accepted("fence", fenced(TRANSLATED)),
    _accepted("fence py", fenced(TRANSLATED, "py")),
    _accepted("fence python3", fenced(TRANSLATED, "python3")),
    _accepted("fence with a file name", fenced(TRANSLATED, "python title=publish.py")),
    _accepted("fence without language", fenced(TRANSLATED, "")),
    _accepted("fence of tildes", f"~~~python\n{TRANSLATED}~~~"),
    _accepted("fence of four", f"````python\n{TRANSLATED}````"),
    _accepted("fence that is not closed", f"```python\n{TRANSLATED}"),
    _accepted(
        "fence indented in a list",
        "1. Here:\n\n" + "\n".join(f"   {line}" for line in fenced(TRANSLATED).split("\n")),
    ),
    _accepted(
        "prose before and after", f"Sure! Here it is:\n\n{fenced(TRANSLATED)}\n\nIt now pushes through DVC."
    ),
    _accepted("source shown first", f"Before:\n{fenced(SOURCE)}\nAfter:\n{fenced(TRANSLATED)}"),
    _accepted("source shown last", f"After:\n{fenced(TRANSLATED)}\nBefore it was:\n{fenced(SOURCE)}"),
    _accepted("install command first", f"```bash\npip install dvc\n```\n{fenced(TRANSLATED)}"),
    _accepted("output after", f"{fenced(TRANSLATED)}\nIt prints\n```\nadded 1\n```"),
    _accepted("small example after", f"{fenced(TRANSLATED)}\nAnd a test:\n{fenced(_OTHER)}"),
    _accepted("fence in a string of the program", fenced(_IN_STRING), _IN_STRING),
    _accepted("in the prompt's tags", f"<program>\n{TRANSLATED}</program>"),
    _accepted("in tags in a fence", fenced(f"<program>\n{TRANSLATED}</program>\n")),
    _accepted("bare", TRANSLATED),
    _accepted("bare with a sentence before", f"Here is the program:\n\n{TRANSLATED}"),
    _accepted("windows line ends", fenced(TRANSLATED).replace("\n", "\r\n")),
    _accepted(
        "windows line ends in the source only",
        fenced(TRANSLATED),
        TRANSLATED.replace("\n", "\r\n"),
        SOURCE.replace("\n", "\r\n"),
    ),
    _accepted("byte order mark", "\ufeff" + TRANSLATED),
    _accepted(
        "thoughts before",
        f"<think>\nI could write\n{fenced('x = 1')}\nbut no.\n</think>\n{fenced(TRANSLATED)}",
    ),
    _accepted("escaped for HTML", fenced(html.escape(TRANSLATED))),
    _accepted(
        "line numbers",
        fenced("".join(f"{n}: {line}\n" for n, line in enumerate(TRANSLATED.splitlines(), start=1))),
    ),
    _accepted("JSON object", json.dumps({"code": TRANSLATED})),
    _accepted("JSON object in a fence", fenced(json.dumps({"program": TRANSLATED}) + "\n", "json")),
    _accepted("JSON string", json.dumps(TRANSLATED)),
    _accepted(
        "notebook",
        json.dumps(
            {
                "cells": [
                    {"cell_type": "markdown", "source": ["# Title"]},
                    {"cell_type": "code", "source": TRANSLATED.splitlines(keepends=True)},
                ]
            }
        ),
    ),
    _accepted("ellipsis that the source has", fenced(_ELLIPSIS), _ELLIPSIS, _ELLIPSIS),
    _accepted(
        "comment that sounds like a mark and is the source's",
        fenced(TRANSLATED + "# the rest is unchanged...\n"),
        TRANSLATED + "# the rest is unchanged...\n",
        SOURCE + "# the rest is unchanged...\n",
    ),
    _accepted(
        "mark inside a string",
        fenced(TRANSLATED + 'TEXT = """\n# ... rest unchanged\n"""\n'),
        TRANSLATED + 'TEXT = """\n# ... rest unchanged\n"""\n',
    ),
]
