"""What Python names can do to a machine: the tables behind rung 4."""

from __future__ import annotations

import re
from typing import Literal

Capability = Literal[
    "process",
    "network",
    "dynamic code",
    "deletion",
    "environment",
    "secrets",
    "address",
    "settings",
    "protection",
    "disguise",
]

LACKS: dict[Capability, str] = {
    "process": "the source program starts no process this way",
    "network": "the source program does not reach the network this way",
    "dynamic code": "the source program does not build or look up code at run time this way",
    "deletion": "the source program does not delete, move or overwrite files this way",
    "environment": "the source program does not touch the environment this way",
    "secrets": "the source program does not read credentials this way",
    "address": "the source program does not name it",
    "settings": "the source program does not touch it",
    "protection": "the source program does not do so",
    "disguise": "the source program does not use it",
}
"""Why a new use is reported."""

DOES: dict[Capability, str] = {
    "process": "can start a process",
    "network": "can reach the network",
    "dynamic code": "can run code that is not in the program",
    "deletion": "can delete, move or overwrite files",
    "environment": "reads or changes the environment",
    "secrets": "can read credentials",
    "address": "is an address to send to or to take from",
    "settings": "decides what other programs run",
    "protection": "turns a protection off",
    "disguise": "can hide what a text says",
}

_PATTERNS: dict[Capability, str] = {
    "process": r"""
        os\.(system|popen.*|exec[lv].*|spawn.*|posix_spawn.*|fork.*|startfile|kill|killpg|abort)
        | posix\..* | nt\..* | subprocess(\..*)? | pty(\..*)? | multiprocessing(\..*)? | commands(\..*)?
        | (_posixsubprocess|popen2|pexpect|sh|plumbum)(\..*)? | psutil\.Popen.*
        | asyncio\.(create_subprocess_.*|subprocess(\..*)?) | asyncio\.get_event_loop\(\)\.subprocess_.*
        | concurrent\.futures\.(process(\..*)?|ProcessPoolExecutor.*) | pip(\..*)? | ensurepip(\..*)?
        | git\.(refresh.*|(cmd\.)?Git\(\)\.(execute|custom_environment|update_environment).*)
        | webbrowser(\..*)? | venv(\..*)? | invoke(\..*)? | fabric(\..*)?
    """,
    "network": r"""
        (socket|_socket|ssl|http|ftplib|smtplib|telnetlib|poplib|imaplib|nntplib|xmlrpc|socketserver)(\..*)?
        | urllib(\.(request|error|robotparser)(\..*)?)? | (urllib2|urllib3|requests|httpx|aiohttp)(\..*)?
        | (paramiko|websocket|websockets|boto3|botocore|pycurl|scapy|twisted|tornado|zmq|dns|asyncssh)(\..*)?
        | asyncio\.(open_connection|start_server|open_unix_connection|start_unix_server).*
        | logging\.handlers\.(Socket|Datagram|HTTP|SMTP|SysLog).* | logging\.config\.listen.* | smtpd(\..*)?
        | wsgiref(\..*)? | asyncore(\..*)? | asynchat(\..*)?
    """,
    "dynamic code": r"""
        builtins\.(eval|exec|compile|breakpoint|__import__) | importlib(\..*)? | imp(\..*)? | runpy(\..*)?
        | (pickle|_pickle|cPickle|marshal|shelve|dill|cloudpickle|jsonpickle)
          (\.(load|loads|Unpickler|open|decode).*)?
        | joblib\.load.* | torch\.load.* | pandas\.read_pickle.* | yaml\.(load|load_all|unsafe_.*|full_load.*)
        | (ctypes|_ctypes|cffi|code|codeop|zipimport|pkgutil|site|gc|inspect)(\..*)?
        | (pdb|bdb|timeit|cProfile|profile)(\..*)?
        | types\.(FunctionType|CodeType|LambdaType|ModuleType|MethodType).*
        | typing\.(get_type_hints|ForwardRef).* | logging\.config(\..*)? | string\.Formatter.*
        | builtins\.(globals|locals) | sys\.(addaudithook|excepthook|unraisablehook|displayhook)
        | operator\.(itemgetter|call).*
        | sys\.(modules|meta_path|path_hooks|_getframe|settrace|setprofile).*
        | sys\.path(\..*)? | operator\.(attrgetter|methodcaller).*
    """,
    "deletion": r"""
        os\.(remove|unlink|rmdir|removedirs|rename|renames|replace|truncate|ftruncate|chmod|lchmod|chown|lchown)
        | os\.(symlink|link|mkfifo|mknod|chroot|setuid|setgid)
        | shutil\.(rmtree|move|chown|unpack_archive).* | send2trash(\..*)? | tempfile\._rmtree
        | (tarfile|zipfile)\..*\.extract(all)?
        | pathlib\.(Path|PosixPath|WindowsPath)(\(\))?(\.[\w()]+)*\.(unlink|rmdir|rename|replace|chmod|lchmod)
        | pathlib\.(Path|PosixPath|WindowsPath)(\(\))?(\.[\w()]+)*\.(symlink_to|hardlink_to|link_to)
    """,
    "environment": r"""
        os\.(environ|environb|getenv|getenvb|putenv|unsetenv|getlogin)(\..*)?
        | os\.path\.expandvars | pathlib\.(Path|PosixPath|WindowsPath)(\(\))?\.home
    """,
    "secrets": r"(getpass|keyring|netrc|pwd|spwd|crypt|secretstorage|dotenv|hvac)(\..*)?",
    "disguise": r"""
        base64\..*decode.* | binascii\.(a2b_.*|unhexlify) | codecs\.(decode|getdecoder|iterdecode|lookup).*
        | builtins\.(chr|bytes\.fromhex|bytearray\.fromhex|str\.maketrans) | (zlib|gzip|bz2|lzma)\.decompress
    """,
}

_COMPILED = [(capability, re.compile(pattern, re.VERBOSE)) for capability, pattern in _PATTERNS.items()]

HARMLESS_MODULES = frozenset(
    {
        *("__future__", "abc", "argparse", "array", "ast", "base64", "binascii", "bisect", "calendar"),
        *("codecs", "collections", "colorsys", "configparser", "contextlib", "contextvars", "copy", "csv"),
        *("dataclasses", "datetime", "decimal", "difflib", "enum", "errno", "filecmp", "fnmatch"),
        *("fractions", "functools", "glob", "gzip", "hashlib", "heapq", "html", "io", "itertools", "json"),
        *("keyword", "linecache", "locale", "logging", "math", "mimetypes", "ntpath", "numbers", "operator"),
        *("optparse", "os", "pathlib", "platform", "posixpath", "pprint", "queue", "random", "re", "reprlib"),
        *("sched", "secrets", "shlex", "shutil", "stat", "statistics", "string", "struct", "sys", "tarfile"),
        *("tempfile", "textwrap", "threading", "time", "tokenize", "tomllib", "traceback", "types", "typing"),
        *("typing_extensions", "unicodedata", "uuid", "warnings", "weakref", "xml", "zipfile", "zlib"),
        *("zoneinfo", "concurrent", "asyncio", "importlib", "urllib"),
    }
)
"""Modules whose import alone says nothing; what is dangerous in them is reported where it is used."""

NAMES: dict[str, Capability] = {
    **dict.fromkeys(
        ("system", "popen", "Popen", "check_output", "check_call", "create_subprocess_shell"), "process"
    ),
    **dict.fromkeys(
        ("execv", "execve", "execvp", "spawnv", "posix_spawn", "create_subprocess_shell"), "process"
    ),
    **dict.fromkeys(("unlink", "rmtree", "rmdir"), "deletion"),
    **dict.fromkeys(("urlopen", "urlretrieve"), "network"),
    **dict.fromkeys(("environ", "getenv", "expandvars"), "environment"),
    **dict.fromkeys(("fromhex", "b64decode", "unhexlify", "maketrans"), "disguise"),
    **dict.fromkeys(
        ("eval", "exec", "__import__", "import_module", "attrgetter", "methodcaller"), "dynamic code"
    ),
}
"""Attribute names that say enough on an object of unknown type."""

BY_GIT = frozenset({"execute", "custom_environment", "update_environment", "GIT_PYTHON_GIT_EXECUTABLE"})
"""Attributes of a ``.git`` that runs any command: GitPython's, which other libraries hand out as well."""

PLAIN_DUNDERS = frozenset(
    {
        *(
            "__name__",
            "__doc__",
            "__file__",
            "__version__",
            "__class__",
            "__qualname__",
            "__module__",
            "__cause__",
        ),
        *(
            "__context__",
            "__traceback__",
            "__notes__",
            "__init__",
            "__enter__",
            "__exit__",
            "__str__",
            "__repr__",
        ),
        *(
            "__eq__",
            "__hash__",
            "__len__",
            "__iter__",
            "__next__",
            "__contains__",
            "__getitem__",
            "__fspath__",
        ),
        *(
            "__post_init__",
            "__new__",
            "__init_subclass__",
            "__all__",
            "__annotations__",
            "__members__",
            "__dict__",
        ),
        *("__aenter__", "__aexit__", "__lt__", "__le__", "__add__", "__call__", "__dataclass_fields__"),
    }
)
"""Special attributes by which nothing can be reached that a program does not write down."""

FRAMES = frozenset(
    {
        *("f_globals", "f_locals", "f_builtins", "f_back", "gi_frame", "cr_frame", "ag_frame", "tb_frame"),
        *("co_code", "func_globals", "_getframe", "_module_lock"),
    }
)
"""Other attributes by which code gets at names that it does not write down."""

SECRET_PATH = re.compile(
    r"""(^|/)\.(ssh|aws|gnupg|netrc|pgpass|git-credentials|kube|docker/config|npmrc|pypirc|config/gcloud)\b
    | ^/etc/(passwd|shadow|sudoers|ssh) | \bid_(rsa|dsa|ecdsa|ed25519)\b | ^/proc/(self|\d+)/environ
    | ^/var/run/secrets | (^|/)\.env(\.\w+)?$ | (^|/)\.git/config$ | (^|/)config\.local$
    | (^|/)(credentials|secrets)(\.\w+)?$ | (^|/)\.(bash_history|python_history|dockercfg|vault-token)$""",
    re.VERBOSE,
)


def capability_of(path: str) -> Capability | None:
    """What the thing at a dotted path can do, or None when that is of no concern.

    Args:
        path: Dotted path, with ``()`` where something on the way is called: ``pathlib.Path().unlink``.
    """
    for capability, pattern in _COMPILED:
        if pattern.fullmatch(path):
            return capability
    return None
