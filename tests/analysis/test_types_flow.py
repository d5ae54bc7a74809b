"""How types flow through a program: ``ask(x)`` is asked for the type of ``x``; "" where it cannot be told."""

from __future__ import annotations

import pytest

from tests.analysis.conftest import TypeOf

PARAMETERS = [
    ("called with a repo", "def f(r):\n    ask(r)\nf(git.Repo())", "Repo"),
    ("called by keyword", "def f(a, r):\n    ask(r)\nf(1, r=git.Repo())", "Repo"),
    ("called with a starred tuple", "def f(a, r):\n    ask(r)\nargs = (1, git.Repo())\nf(*args)", "Repo"),
    ("called with a double star", "def f(r):\n    ask(r)\nkw = dict(r=git.Repo())\nf(**kw)", "Repo"),
    ("called with a literal double star", "def f(r):\n    ask(r)\nf(**{'r': git.Repo()})", "Repo"),
    ("default None and a call", "def f(r=None):\n    ask(r)\nf(git.Repo())", "Repo"),
    ("default None and set inside", "def f(r=None):\n    r = r or git.Repo()\n    ask(r)", "Repo"),
    ("default None, if not", "def f(r=None):\n    if r is None:\n        r = git.Repo()\n    ask(r)", "Repo"),
    ("annotated", "def f(r: git.Repo):\n    ask(r)", "Repo"),
    ("annotated Optional", "from typing import Optional\ndef f(r: Optional[git.Repo] = None):\n    ask(r)", "Repo"),
    ("annotated as union", "def f(r: git.Repo | None):\n    ask(r)", "Repo"),
    ("annotated as quoted union", "def f(r: 'git.Repo | None' = None):\n    ask(r)", "Repo"),
    ("annotated as list", "def f(rs: list[git.Commit]):\n    for c in rs:\n        ask(c)", "Commit"),
    ("annotated as iterable", "from typing import Iterable\ndef f(rs: Iterable[git.Commit]):\n    ask(next(iter(rs)))", "Commit"),
    ("annotated as dict", "def f(rs: dict[str, git.Repo]):\n    ask(rs['a'])", "Repo"),
    ("annotated by an alias", "R = git.Repo\ndef f(r: R):\n    ask(r)", "Repo"),
    ("annotated by an alias of a union", "from typing import Union\nR = Union[git.Repo, None]\ndef f(r: R):\n    ask(r)", "Repo"),
    ("annotated under TYPE_CHECKING", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from git import Commit\ndef f(c: 'Commit'):\n    ask(c)", "Commit"),
    ("union of two of them", "def f(x: git.Commit | git.TagReference):\n    ask(x)", ""),
    ("star args", "def f(*rs):\n    for r in rs:\n        ask(r)\nf(git.Repo('a'), git.Repo('b'))", "Repo"),
    ("star kwargs", "def f(**kw):\n    ask(kw['r'])\nf(r=git.Repo())", ""),
    ("only named", "def f(repo):\n    ask(repo)", ""),
    ("given two kinds", "def f(r):\n    ask(r)\nf(git.Repo())\nf('x')", ""),
    ("through two functions", "def f(r):\n    ask(r)\ndef g(r):\n    f(r)\ng(git.Repo())", "Repo"),
    ("of a nested function", "def f(r):\n    def g():\n        ask(r)\n    g()\nf(git.Repo())", "Repo"),
    ("of a lambda that is called", "f = lambda r: ask(r)\nf(git.Repo())", "Repo"),
    ("of a lambda given to map", "list(map(lambda r: ask(r), [git.Repo()]))", "Repo"),
    ("of a function given to map", "def f(r):\n    ask(r)\nlist(map(f, [git.Repo()]))", "Repo"),
    ("of a partial", "import functools\ndef f(r, n):\n    ask(r)\ng = functools.partial(f, git.Repo())\ng(1)", "Repo"),
    ("of a thread's target", "import threading\ndef f(r):\n    ask(r)\nthreading.Thread(target=f, args=(git.Repo(),)).start()", "Repo"),
    ("of an executor's job", "def f(r, n):\n    ask(r)\npool.submit(f, git.Repo(), 1)", "Repo"),
    ("of a method", "class A:\n    def f(self, r):\n        ask(r)\nA().f(git.Repo())", "Repo"),
    ("of a command of argparse", "def save(r, a):\n    ask(r)\nsub.set_defaults(run=save)\nargs.run(git.Repo(), args)", "Repo"),
    ("of a command of argparse in a loop", "def save(r):\n    ask(r)\nfor n, f in (('a', save), ('b', load)):\n    sub.set_defaults(run=f)\nargs.run(git.Repo())", "Repo"),
    ("of a function in a table", "def save(r):\n    ask(r)\ndef load(r):\n    pass\nTABLE = {'s': save, 'l': load}\nTABLE[name](git.Repo())", "Repo"),
    ("of a static method", "class A:\n    @staticmethod\n    def f(r):\n        ask(r)\nA.f(git.Repo())", "Repo"),
    ("of a class method", "class A:\n    @classmethod\n    def f(cls, r):\n        ask(r)\nA.f(git.Repo())", "Repo"),
    ("of an async function", "async def f(r):\n    ask(r)\nasync def g():\n    await f(git.Repo())", "Repo"),
    ("renamed by a decorated call", "def deco(f):\n    return f\n@deco\ndef f(r):\n    ask(r)\nf(git.Repo())", "Repo"),
]  # fmt: skip

ATTRIBUTES = [
    ("set in init", "class A:\n    def __init__(self):\n        self.r = git.Repo()\n    def f(self):\n        ask(self.r)", "Repo"),
    ("set in another method", "class A:\n    def open(self):\n        self.r = git.Repo()\n    def f(self):\n        ask(self.r)", "Repo"),
    ("None, then set", "class A:\n    def __init__(self):\n        self.r = None\n    def open(self):\n        self.r = git.Repo()\n    def f(self):\n        ask(self.r)", "Repo"),
    ("annotated and None", "class A:\n    def __init__(self):\n        self.r: git.Repo | None = None\n    def f(self):\n        ask(self.r)", "Repo"),
    ("class attribute", "class A:\n    r = git.Repo()\n    def f(self):\n        ask(self.r)", "Repo"),
    ("class attribute None", "class A:\n    r = None\n    def __init__(self):\n        self.r = git.Repo()\n    def f(self):\n        ask(self.r)", "Repo"),
    ("class attribute by cls", "class A:\n    r = None\n    @classmethod\n    def get(cls):\n        cls.r = git.Repo()\n        ask(cls.r)", "Repo"),
    ("set from outside", "class A:\n    pass\na = A()\na.r = git.Repo()\nask(a.r)", "Repo"),
    ("dataclass field", "from dataclasses import dataclass\n@dataclass\nclass A:\n    r: git.Repo\ndef f(a: A):\n    ask(a.r)", "Repo"),
    ("dataclass field by call", "from dataclasses import dataclass\nfrom typing import Any\n@dataclass\nclass A:\n    r: Any\na = A(git.Repo())\nask(a.r)", "Repo"),
    ("dataclass default factory", "from dataclasses import dataclass, field\n@dataclass\nclass A:\n    r: object = field(default_factory=git.Repo)\nask(A().r)", "Repo"),
    ("named tuple", "from typing import NamedTuple\nclass A(NamedTuple):\n    n: int\n    r: git.Repo\na = A(1, git.Repo())\nask(a.r)", "Repo"),
    ("named tuple unpacked", "from typing import NamedTuple\nclass A(NamedTuple):\n    n: int\n    r: git.Repo\nn, r = A(1, git.Repo())\nask(r)", "Repo"),
    ("collections.namedtuple", "from collections import namedtuple\nA = namedtuple('A', 'n r')\na = A(1, git.Repo())\nask(a.r)", ""),
    ("property", "class A:\n    @property\n    def r(self):\n        return git.Repo()\n    def f(self):\n        ask(self.r)", "Repo"),
    ("cached property", "import functools\nclass A:\n    @functools.cached_property\n    def r(self) -> git.Repo:\n        return open_it()\nask(A().r)", "Repo"),
    ("lazy property", "class A:\n    _r = None\n    @property\n    def r(self):\n        if self._r is None:\n            self._r = git.Repo()\n        return self._r\nask(A().r)", "Repo"),
    ("inherited", "class B:\n    def __init__(self):\n        self.r = git.Repo()\nclass A(B):\n    def f(self):\n        ask(self.r)", "Repo"),
    ("of an attribute", "class B:\n    def __init__(self):\n        self.r = git.Repo()\nclass A:\n    def __init__(self):\n        self.b = B()\n    def f(self):\n        ask(self.b.r)", "Repo"),
    ("given to the constructor", "class A:\n    def __init__(self, r):\n        self.r = r\n    def f(self):\n        ask(self.r)\nA(git.Repo()).f()", "Repo"),
    ("of self in a with", "class A:\n    def __init__(self):\n        self.r = git.Repo()\n    def __enter__(self):\n        return self\n    def __exit__(self, *a):\n        pass\nwith A() as a:\n    ask(a.r)", "Repo"),
    ("what enter gives", "class A:\n    def __enter__(self):\n        return git.Repo()\n    def __exit__(self, *a):\n        pass\nwith A() as r:\n    ask(r)", "Repo"),
    ("fluent methods", "class A:\n    def __init__(self):\n        self.r = git.Repo()\n    def open(self):\n        return self\nask(A().open().r)", "Repo"),
    ("set to two kinds", "class A:\n    def __init__(self):\n        self.r = git.Repo()\n    def f(self):\n        self.r = 'x'\n    def g(self):\n        ask(self.r)", ""),
    ("setattr by name", "class A:\n    pass\na = A()\nsetattr(a, name, git.Repo())\nask(a.r)", ""),
]  # fmt: skip

RESULTS = [
    ("of a function", "def f():\n    return git.Repo()\nask(f())", "Repo"),
    ("of a function with None", "def f(x):\n    if x:\n        return None\n    return git.Repo()\nask(f(1))", "Repo"),
    ("of a method", "class A:\n    def f(self):\n        return git.Repo()\nask(A().f())", "Repo"),
    ("of an async function", "async def f():\n    return git.Repo()\nasync def g():\n    ask(await f())", "Repo"),
    ("of asyncio.run", "import asyncio\nasync def f():\n    return git.Repo()\nask(asyncio.run(f()))", "Repo"),
    ("of a generator", "def f():\n    for t in git.Repo().tags:\n        yield t\nfor t in f():\n    ask(t)", "TagReference"),
    ("of an async generator", "async def f():\n    yield git.Repo()\nasync def g():\n    async for r in f():\n        ask(r)", "Repo"),
    ("of yield from", "def g():\n    yield git.Repo()\ndef f():\n    yield from g()\nask(next(f()))", "Repo"),
    ("of a context manager", "from contextlib import contextmanager\n@contextmanager\ndef f():\n    r = git.Repo()\n    try:\n        yield r\n    finally:\n        r.close()\nwith f() as r:\n    ask(r)", "Repo"),
    ("of an async context manager", "from contextlib import asynccontextmanager\n@asynccontextmanager\nasync def f():\n    yield git.Repo()\nasync def g():\n    async with f() as r:\n        ask(r)", "Repo"),
    ("of a lambda", "f = lambda: git.Repo()\nask(f())", "Repo"),
    ("of a cached function", "from functools import lru_cache\n@lru_cache(maxsize=None)\ndef f():\n    return git.Repo()\nask(f())", "Repo"),
    ("of a function named elsewhere", "def f():\n    return git.Repo()\ng = f\nask(g())", "Repo"),
    ("of a partial", "from functools import partial\nf = partial(git.Repo, '.')\nask(f())", "Repo"),
    ("of a class method", "class A:\n    @classmethod\n    def make(cls):\n        a = cls()\n        a.r = git.Repo()\n        return a\nask(A.make().r)", "Repo"),
    ("of a tuple", "def f():\n    return git.Repo(), 1\nr, n = f()\nask(r)", "Repo"),
    ("of a dict", "def f():\n    return {'r': git.Repo()}\nask(f()['r'])", "Repo"),
    ("of a bound method", "r = git.Repo()\ncommit = r.index.commit\nask(commit('m'))", "Commit"),
    ("of a constructor kept in a variable", "make = git.Repo\nask(make('.'))", "Repo"),
    ("of a constructor in a dict", "d = {'repo': git.Repo}\nask(d['repo']('.'))", "Repo"),
    ("of recursion", "def f(n):\n    if n:\n        return f(n - 1)\n    return git.Repo()\nask(f(3))", "Repo"),
    ("of a function that returns its argument", "def f(x):\n    return x\nask(f(git.Repo()))", "Repo"),
    ("of cast", "from typing import cast\nask(cast(git.Repo, thing()))", "Repo"),
    ("of cast by name", "import typing\nask(typing.cast('git.Repo', thing()))", "Repo"),
    ("of an unknown function", "ask(elsewhere(git.Repo()))", ""),
    ("of two kinds", "def f(x):\n    return git.Repo() if x else 'x'\nask(f(1))", ""),
]  # fmt: skip

CONTAINERS = [
    ("list", "rs = [git.Repo('a'), git.Repo('b')]\nask(rs[0])", "Repo"),
    ("list filled later", "rs = []\nrs.append(git.Repo())\nfor r in rs:\n    ask(r)", "Repo"),
    ("list plus list", "rs = [git.Repo('a')] + [git.Repo('b')]\nask(rs[0])", "Repo"),
    ("list times", "rs = [git.Repo('a')] * 2\nask(rs[0])", "Repo"),
    ("tuple by number", "t = (1, git.Repo())\nask(t[1])", "Repo"),
    ("tuple from the end", "t = (1, git.Repo())\nask(t[-1])", "Repo"),
    ("dict by key", "d = {'a': 1, 'r': git.Repo()}\nask(d['r'])", "Repo"),
    ("dict filled later", "d = {}\nd['r'] = git.Repo()\nask(d['r'])", "Repo"),
    ("dict() call", "d = dict(r=git.Repo())\nask(d['r'])", "Repo"),
    ("dict items", "d = {'a': git.Repo()}\nfor k, r in d.items():\n    ask(r)", "Repo"),
    ("dict values", "d = {'a': git.Repo()}\nask(list(d.values())[0])", "Repo"),
    ("lists made by setdefault", "d = {}\nfor x in 'ab':\n    d.setdefault(x, []).append(git.Repo(x))\nfor k, v in d.items():\n    ask(v[0])", "Repo"),
    ("lists put into a dict first", "d = {}\nd['a'] = []\nd['a'].append(git.Repo())\nask(d['a'][0])", "Repo"),
    ("defaultdict", "from collections import defaultdict\nd = defaultdict(list)\nd['a'].append(git.Repo())\nfor r in d['a']:\n    ask(r)", "Repo"),
    ("comprehension", "rs = [git.Repo(p) for p in paths]\nfor r in rs:\n    ask(r)", "Repo"),
    ("dict comprehension", "rs = {p: git.Repo(p) for p in paths}\nask(rs['a'])", "Repo"),
    ("set comprehension", "cs = {c for c in git.Repo().iter_commits()}\nfor c in cs:\n    ask(c)", "Commit"),
    ("zip", "for p, r in zip(paths, [git.Repo()]):\n    ask(r)", "Repo"),
    ("enumerate", "for i, r in enumerate([git.Repo()], 1):\n    ask(r)", "Repo"),
    ("sorted", "ask(sorted(git.Repo().tags, key=len)[-1])", "TagReference"),
    ("reversed", "for c in reversed(list(git.Repo().iter_commits())):\n    ask(c)", "Commit"),
    ("next with a default", "ask(next(git.Repo().iter_commits(), None))", "Commit"),
    ("iter", "it = iter(git.Repo().tags)\nask(next(it))", "TagReference"),
    ("islice", "import itertools\nfor c in itertools.islice(git.Repo().iter_commits(), 5):\n    ask(c)", "Commit"),
    ("chain", "from itertools import chain\nr = git.Repo()\nfor t in chain(r.tags, r.tags):\n    ask(t)", "TagReference"),
    ("takewhile", "import itertools\nfor c in itertools.takewhile(lambda c: c.parents, git.Repo().iter_commits()):\n    ask(c)", "Commit"),
    ("min with a key", "ask(min(git.Repo().tags, key=lambda t: t.name))", "TagReference"),
    ("a slice", "ask(list(git.Repo().iter_commits())[:3][0])", "Commit"),
    ("unpacking", "a, b = git.Repo('a'), git.Repo('b')\nask(b)", "Repo"),
    ("unpacking with a rest", "first, *rest = git.Repo().iter_commits()\nask(rest[0])", "Commit"),
    ("nested unpacking", "for i, (a, b) in enumerate(zip(git.Repo().tags, paths)):\n    ask(a)", "TagReference"),
    ("pop", "rs = [git.Repo()]\nask(rs.pop())", "Repo"),
    ("two kinds in a list", "ask([git.Repo(), 'x'][i])", ""),
    ("key function's parameter", "sorted(git.Repo().tags, key=lambda t: ask(t))", "TagReference"),
    ("groupby", "import itertools\nfor k, cs in itertools.groupby(git.Repo().iter_commits(), key=len):\n    for c in cs:\n        ask(c)", "Commit"),
    ("deque", "from collections import deque\nq = deque([git.Repo()])\nask(q.popleft())", "Repo"),
]  # fmt: skip

STATEMENTS = [
    ("with", "with git.Repo() as r:\n    ask(r)", "Repo"),
    ("walrus", "if (r := git.Repo()):\n    ask(r)", "Repo"),
    ("walrus in a while", "while (c := next(git.Repo().iter_commits(), None)):\n    ask(c)", "Commit"),
    ("reassigned to text", "r = git.Repo()\nr = 'x'\nask(r)", "str"),
    ("reassigned from text", "r = 'x'\nr = git.Repo(r)\nask(r)", "Repo"),
    ("conditional expression", "r = git.Repo() if x else None\nask(r)", "Repo"),
    ("or", "r = None or git.Repo()\nask(r)", "Repo"),
    ("branches", "if x:\n    r = git.Repo('a')\nelse:\n    r = git.Repo('b')\nask(r)", "Repo"),
    ("branches with None", "r = None\nif x:\n    r = git.Repo('a')\nask(r)", "Repo"),
    ("branches of two kinds", "if x:\n    r = git.Repo('a')\nelse:\n    r = 'b'\nask(r)", ""),
    ("try and except", "try:\n    r = git.Repo('a')\nexcept git.InvalidGitRepositoryError:\n    r = git.Repo.init('a')\nask(r)", "Repo"),
    ("try and None", "try:\n    r = git.Repo('a')\nexcept git.InvalidGitRepositoryError:\n    r = None\nask(r)", "Repo"),
    ("global", "r = None\ndef f():\n    global r\n    r = git.Repo()\ndef g():\n    ask(r)", "Repo"),
    ("isinstance", "def f(x):\n    if isinstance(x, git.Repo):\n        ask(x)", "Repo"),
    ("not isinstance", "def f(x):\n    if not isinstance(x, git.Repo):\n        ask(x)", ""),
    ("not isinstance, then return", "def f(x):\n    if not isinstance(x, git.Repo):\n        return\n    ask(x)", "Repo"),
    ("isinstance of a union", "def f(x: git.Commit | git.TagReference):\n    if isinstance(x, git.Commit):\n        ask(x)", "Commit"),
    ("isinstance and", "def f(x):\n    return isinstance(x, git.Repo) and ask(x)", "Repo"),
    ("isinstance, elif", "def f(x):\n    if isinstance(x, str):\n        pass\n    elif isinstance(x, git.Repo):\n        ask(x)", "Repo"),
    ("assert isinstance", "def f(x):\n    assert isinstance(x, git.Repo)\n    ask(x)", "Repo"),
    ("isinstance, then set anew", "def f(x):\n    if isinstance(x, git.Repo):\n        x = 'a'\n        ask(x)", "str"),
    ("match on a class", "def f(x):\n    match x:\n        case git.Repo():\n            ask(x)", "Repo"),
    ("match as", "def f(x):\n    match x:\n        case git.Repo() as r:\n            ask(r)", "Repo"),
    ("except as", "try:\n    pass\nexcept git.GitCommandError as e:\n    ask(e)", "GitCommandError"),
    ("del and again", "r = git.Repo()\ndel r\nr = 'x'\nask(r)", "str"),
    ("annotated without a value", "r: git.Repo\nr = get()\nask(r)", "Repo"),
    ("annotated with an unknown value", "r: git.Repo = get()\nask(r)", "Repo"),
    ("type comment", "r = get()  # type: git.Repo\nask(r)", ""),
    ("chained assignment", "a = b = git.Repo()\nask(a)", "Repo"),
    ("for else", "for r in [git.Repo()]:\n    pass\nelse:\n    ask(r)", "Repo"),
    ("augmented list", "rs = []\nrs += [git.Repo()]\nask(rs[0])", "Repo"),
    ("async with", "async def f():\n    async with git.Repo() as r:\n        ask(r)", "Repo"),
    ("exit stack", "import contextlib\nwith contextlib.ExitStack() as s:\n    r = s.enter_context(git.Repo())\n    ask(r)", "Repo"),
    ("closing", "from contextlib import closing\nwith closing(git.Repo()) as r:\n    ask(r)", "Repo"),
]  # fmt: skip

IMPORTS = [
    ("import as", "import git as g\nask(g.Repo())", "Repo"),
    ("from import as", "from git import Repo as R\nask(R())", "Repo"),
    ("from import star", "from git import *\nask(Repo())", "Repo"),
    ("submodule", "import git.repo.base\nask(git.repo.base.Repo())", "Repo"),
    ("from submodule", "from git.repo import Repo\nask(Repo())", "Repo"),
    ("module from package", "from git import repo as base\nask(base.Repo())", "Repo"),
    ("in a function", "def f():\n    import git\n    ask(git.Repo())", "Repo"),
    ("in another function", "def f():\n    import git\n    return git.Repo()\nask(f())", "Repo"),
    ("in try", "try:\n    from git import Repo\nexcept ImportError:\n    Repo = None\nask(Repo())", "Repo"),
    ("in try with a flag", "try:\n    import git\n    HAS = True\nexcept ImportError:\n    HAS = False\ndef f():\n    if HAS:\n        ask(git.Repo())", "Repo"),
    ("in if", "import sys\nif sys.version_info > (3,):\n    from git import Repo\nelse:\n    Repo = None\nask(Repo())", "Repo"),
    ("importlib", "import importlib\ngit = importlib.import_module('git')\nask(git.Repo())", "Repo"),
    ("global import", "def load():\n    global git\n    import git\ndef f():\n    ask(git.Repo())", "Repo"),
    ("module shadowed by a variable", "import git\nrepo = git.Repo()\ngit = repo.git\nask(git)", "Git"),
    ("other module of that name", "from mine import git\nask(git.Repo())", ""),
]  # fmt: skip

HEAD = "import git\n"
TABLE = {
    "parameter": PARAMETERS,
    "attribute": ATTRIBUTES,
    "result": RESULTS,
    "container": CONTAINERS,
    "statement": STATEMENTS,
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(code, expected, id=f"{kind}: {name}")
        for kind, rows in TABLE.items()
        for name, code, expected in rows
    ],
)
def test_type_when_it_flows_through_the_program_then_it_is_told_or_left_open(
    type_of: TypeOf, code: str, expected: str
) -> None:
    assert type_of(HEAD + code + "\n") == expected


@pytest.mark.parametrize(("code", "expected"), [pytest.param(c, e, id=n) for n, c, e in IMPORTS])
def test_type_when_the_library_is_imported_in_some_way_then_it_is_found(
    type_of: TypeOf, code: str, expected: str
) -> None:
    assert type_of(code + "\n") == expected
