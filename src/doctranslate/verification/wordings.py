"""What the texts in a program say: addresses, files that other programs run, settings that name programs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from doctranslate.verification.capabilities import SECRET_PATH
from doctranslate.verification.dangers import Danger
from doctranslate.verification.inference import Program
from doctranslate.verification.material import SAID, docstrings
from doctranslate.verification.texts import folded

_MAX_PATH = 300

_ADDRESS = re.compile(
    r"""[a-z][a-z0-9+.-]*://[^\s/] | \bext:: | ^[\w.+-]+@[\w.-]+: | ^(\\\\|//)[\w.-]+[\\/]
    | (?<![\w.])\d{1,3}(\.\d{1,3}){3}(?![\w.]) | ^\[[0-9a-f:]+\] | ^[\w-]+(\.[\w-]+)*\.[a-z]{2,}:(\d|/|[\w-]+/)
    | ^(?!\*)([\w-]+\.)+(com|net|org|io|dev|example|xyz|ru|cn|info|onion|invalid|cloud|app|site|online)([:/]|$)""",
    re.VERBOSE,
)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://$")
_RUN_BY_OTHERS = re.compile(
    r"""(^|[/\\])hooks([/\\]|$) | (^|[/\\])\.(bash|zsh|k?sh|profile|login|inputrc|xinit|xprofile|vimrc|emacs)\w*$
    | (^|[/\\])\.(bash_profile|config[/\\](autostart|systemd)|local[/\\]bin|gitconfig|gitmodules|pythonrc\w*|pdbrc)
    | (site|user)customize | \.pth$ | (^|[/\\])(setup\.cfg|setup\.py|conftest\.py|tox\.ini|noxfile\.py|Makefile)$
    | (^|[/\\])(pyproject\.toml|__init__\.py|__main__\.py|Dockerfile|Jenkinsfile|\.pre-commit-config\.yaml)$
    | (^|[/\\])\.(github|gitlab-ci\.yml|circleci|vscode|idea|devcontainer)([/\\]|$) | cron(tab|\.d) | authorized_keys
    | (^|[/\\])(pre|post)-(commit|push|checkout|merge|receive|update|rewrite|applypatch|rebase)$
    | (^|[/\\])(commit-msg|prepare-commit-msg|applypatch-msg|update-hook)$ | ^/etc/ | (^|[/\\])LaunchAgents
    | systemd | \.(desktop|service|bashrc)$ | ^~?/?\.ssh""",
    re.VERBOSE | re.IGNORECASE,
)
_SETTING = re.compile(
    r"""hookspath | fsmonitor | sshcommand | gitproxy | insteadof | askpass | textconv | sslverify | sslcainfo
    | (^|\.)alias(\.|$) | credential\. | credential[.]?helper | ^(core\.)?(pager|editor|sequence\.editor)$
    | ^(filter|diff|merge|mergetool|difftool)\.[^.]*\.?(clean|smudge|process|external|driver|cmd)
    | (upload|receive)-?pack | ^protocol\..*allow | ^http\.(proxy|extraheader) | GIT_SSH | GIT_CONFIG | GIT_EXTERNAL
    | ^!\s*\w | ^LD_PRELOAD | ^PYTHON(PATH|STARTUP|HOME)$ | ^GIT_(EDITOR|PAGER|ASKPASS|EXEC_PATH|DIR)$
    | include(if)?\..*path""",
    re.VERBOSE | re.IGNORECASE,
)
_CODE_FILE = re.compile(
    r"\.(py|pyc|pyw|sh|bash|bat|cmd|ps1|exe|dll|so|dylib|rb|pl|js|cfg|toml|ini|ya?ml|conf)$"
    r"|(^|[/\\])(\.dvc[/\\]config\w*|\.gitattributes|\.git[/\\].*|dvc\.(yaml|lock))$",
    re.IGNORECASE,
)
_HOME = re.compile(r"^~\w*(/|\\|$)")
_FORMAT = re.compile(r"\{[^{}]*\.__|\{[^{}]*\[__|%\([^)]*__")


def wordings(program: Program) -> Iterator[Danger]:
    """Texts that say something dangerous; docstrings are read by people and not looked at.

    Args:
        program: The program.
    """
    nodes = list(ast.walk(program.tree))
    skipped = docstrings(nodes)
    parts = {
        id(part)
        for node in nodes
        if isinstance(node, ast.JoinedStr | ast.BinOp)
        for part in ast.iter_child_nodes(node)
    }
    told = _told(nodes)
    for node in nodes:
        if id(node) in skipped or not isinstance(node, ast.expr):
            continue
        value = folded(node)
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        if not isinstance(text, str) or not text:
            continue
        if id(node) in told and " " in text:
            continue
        if _ADDRESS.search(text) or (id(node) in parts and _SCHEME.match(text)):
            yield Danger("address", text, node, is_text=True)
        if len(text) < _MAX_PATH:
            yield from _of_path(text, node)
        if _FORMAT.search(text):
            yield Danger("dynamic code", text, node, is_text=True)


def _told(nodes: list[ast.AST]) -> set[int]:
    """Texts that are said to people: sentences, which are no address as they stand."""
    calls = (
        n
        for n in nodes
        if isinstance(n, ast.Call) and getattr(n.func, "attr", getattr(n.func, "id", "")) in SAID
    )
    return {
        id(part)
        for call in calls
        for a in (*call.args, *call.keywords)
        if not any(isinstance(inner, ast.Call) for inner in ast.walk(a))
        for part in ast.walk(a)
    }


def _of_path(text: str, node: ast.expr) -> Iterator[Danger]:
    if SECRET_PATH.search(text) or _HOME.match(text):
        yield Danger("secrets", text, node, is_text=True)
        return
    is_said = len(text.split()) > 3 and not text.startswith("!")
    if not is_said and (_SETTING.search(text) or (_RUN_BY_OTHERS.search(text) and not text.startswith("*"))):
        yield Danger("settings", text, node, is_text=True)


def is_code_file(text: str) -> bool:
    """Whether what is written to a file of this name is run, or decides what is run."""
    return not text.startswith("*") and bool(_CODE_FILE.search(text))
