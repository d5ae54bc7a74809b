"""Paths whose kind the program text tells, though they are not written out where they are used."""

from __future__ import annotations

import pytest

from doctranslate.rules.gitpython_dvc.data import policy
from doctranslate.rules.gitpython_dvc.texts import Text, whole
from tests.rules.conftest import HEAD, Rewrite

IMPORTS = "import glob\nimport os\nimport shutil\nimport tempfile\nfrom pathlib import Path\n\n"
TRACKED = "repo.index.add(['data/first.csv'])\n"  # so that code has to be told from data
POLICY = policy(given=None, tracked=())


def translated(rewrite: Rewrite, program: str) -> str:
    """The program behind the helpers that it got."""
    code = rewrite(IMPORTS + HEAD + TRACKED + program + "\n").code
    return code[code.index("repo = open_repo") :]


DATA = [
    "x = 'data/a.csv'",
    "x = os.path.join('out', f'{day}.csv')",
    "x = os.path.join(folder, 'a.csv')",
    "x = Path('out') / name / 'a.parquet'",
    "x = Path('out', 'a.txt').with_suffix('.npz')",
    "x = Path(name).with_suffix('.npz')",
    "x = (Path('out') / name).with_name('b.csv')",
    "x = 'out/%s.csv' % name",
    "x = 'out/{}.csv'.format(name)",
    "x = 'out/' + name + '.csv'",
    "x = 'data/' + name + '.txt'",
    "x = str(Path('out') / f'{name}.csv')",
    "x = (Path('out') / f'{name}.csv').as_posix()",
    "x = os.path.relpath(os.path.join(root, 'data', 'a.csv'), root)",
    "x = (root / 'a.csv').relative_to(root)",
    "x = os.path.basename(os.path.join(root, 'a.csv'))",
    "x = 'a.csv' if name else 'b.npy'",
    "x = 'a.csv'\nif name:\n    x = 'b.csv'",
    "OUT = Path('out')\nx = OUT / 'a.csv'",
    "def make(folder):\n    return os.path.join(folder, 'a.csv')\nx = make(name)",
    "def make(folder):\n    return os.path.join(folder, 'a.csv'), 3\nx, n = make(name)",
    "pairs = (('a.csv', 1), ('b.csv', 2))\nx, n = pairs[0][0], 1\nx = ('a.csv', 'b.csv')[0]",
]


@pytest.mark.parametrize("program", DATA)
def test_path_when_every_value_is_data_then_it_is_tracked(rewrite: Rewrite, program: str) -> None:
    assert "\ntrack(repo, x)" in translated(rewrite, f"{program}\nrepo.index.add([x])")


@pytest.mark.parametrize("program", DATA)
def test_path_when_given_to_a_function_then_it_is_known_there(rewrite: Rewrite, program: str) -> None:
    code = translated(rewrite, f"{program}\ndef save(path):\n    repo.index.add([path])\nsave(x)")

    assert "\n    track(repo, path)" in code


CODE = [
    "x = f'src/{name}.py'",
    "x = os.path.join('data', name + '.md')",
    "x = Path('data') / 'params.yaml'",
    "x = 'table.csv' + '.dvc'",
]


@pytest.mark.parametrize("program", CODE)
def test_path_when_it_is_code_then_git_stages_it(rewrite: Rewrite, program: str) -> None:
    code = translated(rewrite, f"{program}\nrepo.index.add([x])")

    assert "\nrepo.scm.add(" in code
    assert "is_data" not in code


OPEN = [
    "x = name",
    "x = os.path.join('data', name)",  # its suffix may be that of code
    "x = os.path.join('out', name + '.txt')",
    "x = 'a.csv' if name else 'a'",
    "x = 'out/a'\nx += '.csv'",
    "x = 'a.csv'\nx += '.py'",
    "x = 'data/*.csv' if name else 'data/?.csv'",
    "x = 'a.csv'\ndef f():\n    global x\n    x = name",
    "x = Path('out.csv')\nx.mkdir()",
    "x = 'out/a.zarr.zip'\nos.makedirs(x)",
    "x = 'a.csv'\nos.remove(x)",
    "x = Path('out') / f'{name}.csv'\nx.unlink()",
    "x = f'out/{name}.csv'\nos.rename(x, 'old')",
    "x = f'out/{name}.csv'\nrepo.git.rm('--cached', x)",
    "x = f'out/{name}.csv'\nshutil.rmtree('out')",
    "x = f'out/{name}.csv'\nrepo.git.rm('-r', 'out')",
    "x = f'out/{name}.csv'\nshutil.rmtree(name)",
]


@pytest.mark.parametrize("program", OPEN)
def test_path_when_it_is_not_known_then_the_program_tells(rewrite: Rewrite, program: str) -> None:
    assert "\nadd(repo, x)" in translated(rewrite, f"{program}\ny = x\nrepo.index.add([x])")


def test_literal_path_when_the_program_deletes_it_then_the_program_tells(rewrite: Rewrite) -> None:
    program = "os.remove('out/a.csv')\nrepo.git.add('out/a.csv', 'out/b.csv')"

    assert "\nadd(repo, 'out/a.csv', 'out/b.csv')" in translated(rewrite, program)


def test_path_when_another_file_goes_then_it_is_tracked(rewrite: Rewrite) -> None:
    program = (
        "x = f'out/{name}.csv'\nos.remove('out/tmp.txt')\ntop = tempfile.mkdtemp()\nshutil.rmtree(top)\n"
    )

    assert "\ntrack(repo, x)" in translated(rewrite, program + "repo.index.add([x])")


def test_path_when_it_is_added_in_a_try_then_the_program_tells(rewrite: Rewrite) -> None:
    program = "x = f'out/{name}.csv'\ntry:\n    repo.index.add([x])\nexcept FileNotFoundError:\n    pass"

    assert "    add(repo, x)" in translated(rewrite, program)


@pytest.mark.parametrize(
    "program",
    [
        "def save(path):\n    repo.index.add([path])\nsave('a.csv')\nsave(name)",
        "def save(path):\n    repo.index.add([path])\nsave('a.csv')\nsave(*names)",
        "def save(path):\n    repo.index.add([path])\nsave('a.csv')\nlater(save)",
        "@wrapped\ndef save(path):\n    repo.index.add([path])\nsave('a.csv')",
        "def save(path='a.csv'):\n    repo.index.add([path])\nsave('a.csv')\nglobals()['save'](name)",
        "def save(path):\n    repo.index.add([path])",
        "class A:\n    def save(self, path):\n        repo.index.add([path])\nA().save('a.csv')\nb.save(name)",
    ],
)
def test_parameter_when_a_call_is_out_of_sight_then_the_program_tells(rewrite: Rewrite, program: str) -> None:
    assert "add(repo, path)" in translated(rewrite, program)


def test_attribute_when_it_is_set_once_then_it_is_known(rewrite: Rewrite) -> None:
    program = (
        "class A:\n    def __init__(self, top):\n        self.table = os.path.join(top, 'a.csv')\n"
        "    def save(self):\n        repo.index.add([self.table])\nA(name).save()"
    )

    assert "track(repo, self.table)" in translated(rewrite, program)
    assert "add(repo, a.table)" in translated(
        rewrite, program + "\na = A(name)\na.table = name\nrepo.index.add([a.table])"
    )


LISTS = [
    "xs = ['a.csv', 'b.npy']",
    "xs = glob.glob('out/*.csv')",
    "xs = sorted(Path('out').rglob('*.csv'))",
    "xs = [str(path) for path in Path('out').glob('*.csv')]",
    "xs = [f'{n}.csv' for n in range(3)]",
    "xs = [p for p in ('a.csv', 'b.csv') if name]",
    "xs = []\nfor n in range(3):\n    xs.append(f'out/{n}.csv')",
    "xs = ['a.csv']\nxs += ['b.csv']",
    "xs = list({'a.csv': 1, 'b.csv': 2})",
    "def make():\n    for n in range(3):\n        yield Path('out') / f'{n}.csv'\nxs = list(make())",
]


@pytest.mark.parametrize("program", LISTS)
def test_list_when_all_of_it_is_data_then_each_is_tracked(rewrite: Rewrite, program: str) -> None:
    code = translated(rewrite, f"{program}\nrepo.index.add([*xs, 'README.md'])")

    assert " in xs:\n    track(repo, " in code
    assert "\nrepo.scm.add('README.md')" in code


@pytest.mark.parametrize("program", LISTS)
def test_loop_when_all_of_the_list_is_data_then_its_variable_is(rewrite: Rewrite, program: str) -> None:
    assert "\n    track(repo, x)" in translated(rewrite, f"{program}\nfor x in xs:\n    repo.git.add(x)")


@pytest.mark.parametrize(
    "program",
    [
        "xs = ['a.csv', 'b']",
        "xs = ['data/a.txt', 'out/b.txt']",  # no suffix tells them apart
        "xs = ['a.csv']\nxs.append(name)",
        "xs = ['a.csv']\nxs.extend(names)",
        "xs = ['a.csv']\nxs[0] = name",
        "xs = ['a.csv']\nys = xs\nys.append(name)",
        "def grow(them):\n    them.append(name)\nxs = ['a.csv']\ngrow(xs)",
        "table = {'a.csv': 1}\ntable[name] = 2\nxs = list(table)",
        "xs = os.listdir('data')",
        "xs = glob.glob('data/*')",
    ],
)
def test_list_when_some_of_it_is_not_known_then_the_program_tells(rewrite: Rewrite, program: str) -> None:
    assert "\nadd(repo, *[*xs])" in translated(rewrite, f"{program}\nrepo.index.add([*xs])").replace(
        "add(repo, *xs)", "add(repo, *[*xs])"
    )


def test_list_when_it_holds_both_then_suffixes_tell(rewrite: Rewrite) -> None:
    code = translated(rewrite, "xs = ['a.csv', 'b.npy', 'b.py']\nrepo.index.add(xs)")

    assert code.endswith(
        'for path in xs:\n    if path.endswith((".csv", ".npy")):\n        track(repo, path)\n'
        "    else:\n        repo.scm.add(path)\n"
    )


def test_parameter_when_it_is_a_list_then_each_of_it_is_tracked(rewrite: Rewrite) -> None:
    program = "def save(files):\n    repo.index.add(files)\nsave(['a.csv'])\nsave([Path(name) / 'b.csv'])"

    assert "    for path in files:\n        track(repo, path)\n" in translated(rewrite, program)


def test_path_when_it_is_very_long_then_its_near_end_counts(rewrite: Rewrite) -> None:
    program = f"x = {' + '.join(['name'] * 300)} + '.csv'\nrepo.index.add([x])"

    assert "track(repo, x)" in translated(rewrite, program)
    program = f"x = {' + '.join(['.csv'.__repr__()] + ['name'] * 300)}\nrepo.index.add([x])"
    assert "\nadd(repo, x)" in translated(rewrite, program)


def test_path_when_it_is_data_or_code_then_its_suffix_tells(rewrite: Rewrite) -> None:
    program = "def save(path):\n    repo.index.add([path])\nsave(Path('a.csv'))\nsave(Path(name) / 'b.yaml')"

    assert (
        '    if str(path).endswith(".csv"):\n        track(repo, path)\n'
        "    else:\n        repo.scm.add([path])\n" in translated(rewrite, program)
    )


def test_list_when_it_holds_both_and_the_repository_is_elsewhere_then_paths_are_joined(
    rewrite: Rewrite,
) -> None:
    program = "other = git.Repo(name)\nfor x in ('a.csv', 'b.py'):\n    other.index.add([x])"

    assert "        other.scm.add(os.path.join(other.scm.root_dir, x))\n" in translated(rewrite, program)


def test_item_when_a_dict_holds_other_values_then_it_is_no_key(rewrite: Rewrite) -> None:
    program = "table = {'a.csv': name}\ndef save(files):\n    repo.index.add([files['a.csv']])\nsave(table)"

    assert "add(repo, files['a.csv'])" in translated(rewrite, program)


def test_pattern_when_it_finds_data_only_then_each_is_tracked(rewrite: Rewrite) -> None:
    code = translated(rewrite, "repo.index.add(['out/*.csv', 'src/*.py'])")

    assert " in glob.glob('out/*.csv'):\n    track(repo, " in code
    assert "\nrepo.scm.add([*glob.glob('src/*.py')])" in code


def test_loop_variable_when_the_program_has_one_of_that_name_then_it_is_another(rewrite: Rewrite) -> None:
    code = translated(rewrite, "path = 1\nrepo.index.add(glob.glob('out/*.csv'))\nprint(path)")

    assert "for path in" not in code


def test_program_when_it_adds_code_only_then_nothing_of_dvc_is_set_up(rewrite: Rewrite) -> None:
    code = rewrite(IMPORTS + HEAD + "x = Path('src') / f'{name}.py'\nrepo.index.add([str(x)])\n").code

    assert "start_dvc" not in code
    assert "is_data" not in code


def test_list_of_data_when_it_is_added_in_a_lambda_then_the_program_tells(rewrite: Rewrite) -> None:
    assert "lambda: add(repo, *" in translated(
        rewrite, "f = lambda: repo.index.add(glob.glob('out/*.csv'))\nf()"
    )


@pytest.mark.parametrize(
    "line",
    [
        "os.chdir(name)",
        "from os import chdir\nchdir(name)",
        "from contextlib import chdir as inside\nwith inside(name):\n    pass",
        "copy = repo.clone(name)",
        "git.Repo.clone_from(name, '.')",
        "make = git.Repo\nother = make(name)",
    ],
)
def test_path_when_paths_may_count_from_elsewhere_then_it_is_joined(rewrite: Rewrite, line: str) -> None:
    code = translated(rewrite, f"{line}\nrepo.index.add(['src/a.py'])")

    assert "repo.scm.add(os.path.join(repo.scm.root_dir, 'src/a.py'))" in code


PLAIN = [
    "'other'",
    "'$TOP', expand_vars=False",
    "os.getcwd()",
    "os.curdir",
    "os.path.dirname(os.path.abspath(__file__))",
    "Path(__file__).resolve().parent",
    "Path(tempfile.mkdtemp()) / 'a'",
    "repo.working_dir",
]


def _told(rewrite: Rewrite, program: str) -> list[str]:
    notes = rewrite(IMPORTS + HEAD + program + "\n").notes
    return [note.message for note in notes if "$NAME" in note.message]


@pytest.mark.parametrize("path", PLAIN)
def test_path_of_a_repository_when_nothing_in_it_is_expanded_then_nothing_is_told(
    rewrite: Rewrite, path: str
) -> None:
    program = f"other = git.Repo({path})\nnew = git.Repo.init({path})"

    assert _told(rewrite, program) == []
    assert rewrite(IMPORTS + HEAD + program + "\n").bridged == ()


@pytest.mark.parametrize("path", ["name", "Path(tempfile.mkdtemp()) / name", "f'{name}/a'", "sys.argv[1]"])
def test_path_of_a_repository_when_it_may_be_expanded_then_it_is_told(rewrite: Rewrite, path: str) -> None:
    assert _told(rewrite, f"other = git.Repo({path})")
    assert _told(rewrite, f"git.Repo.init({path})")
    assert _told(rewrite, f"git.Repo.init({path}, bare=True)")


@pytest.mark.parametrize("path", ["'~/data'", "'$TOP/data'", "f'{name}/$TOP'"])
def test_path_of_a_repository_when_it_is_expanded_then_gitpython_opens_it(
    rewrite: Rewrite, path: str
) -> None:
    found = rewrite(IMPORTS + f"import git\n\nother = git.Repo({path})\nprint(other.working_dir)\n")

    assert f"other = open_repo(git.Repo({path}).working_dir)" in found.code
    assert found.bridged


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (whole("out/a.csv"), "data"),
        (whole("out/a.txt"), "code"),
        (whole("data/a.txt"), "data"),
        (whole("/tmp/data/a.txt"), None),  # below the root it may be a.txt
        (whole("/tmp/a.csv"), "data"),
        (Text("", ".csv"), "data"),
        (Text("", ".py"), "code"),
        (Text("data/", ".txt"), "data"),
        (Text("data/", ""), None),
        (Text("data/", "y"), None),
        (Text("src/", ".txt"), None),
        (Text("", "/.csv/.."), None),
        (Text("", "csv"), None),
        (Text(".dvc/", ".csv"), "code"),
        (Text(".d", ".csv"), None),
        (Text("", "*.csv"), None),
    ],
)
def test_kind_of_text(text: Text, expected: str | None) -> None:
    assert POLICY.kind(text) == expected
