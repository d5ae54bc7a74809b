"""Programs that do not fit into one prompt."""

from __future__ import annotations

import pytest

from doctranslate import ScriptedEngine, translate
from doctranslate.errors import ContextLengthError
from doctranslate.records import Job, Prompt

N = 40
PROGRAM = (
    '"""Tags a lot."""\n\nimport git\n\nPREFIX = "v"\n\n\n'
    + "\n\n".join(
        f'def step_{n}(repo: git.Repo) -> None:\n    """Does step {n} of all the steps that there are."""\n'
        f'    name = f"{{PREFIX}}{n}"\n    print("tagging as", name)\n'
        + (f"    repo.create_tag(name)  # step {n}\n" if n % 2 else "    print('nothing to do')\n")
        for n in range(N)
    )
    + "\n\nif __name__ == '__main__':\n    step_1(git.Repo('.'))\n"
)


def rewrite(prompt: Prompt, job: Job) -> str:
    code = job.code.replace("git.Repo", "Repo").replace("repo.create_tag(name)", "repo.scm.tag(name)")
    needs = "" if "from dvc.repo import Repo" in code or "Repo" not in code else "from dvc.repo import Repo\n"
    return f"```python\n{needs}{code}```"


def test_translate_when_the_program_does_not_fit_then_it_is_translated_in_parts_and_joined() -> None:
    engine = ScriptedEngine(rewrite)
    found = translate(PROGRAM, "gitpython", "dvc", "none", engine=engine, max_prompt_tokens=2_000, repair=0)
    assert len(engine.prompts) > 2
    assert found.code == (
        PROGRAM.replace("git.Repo", "Repo")
        .replace("repo.create_tag(name)", "repo.scm.tag(name)")
        .replace("import git\n", "from dvc.repo import Repo\n")
    )
    assert found.usage.n_calls == len(engine.prompts)
    for prompt in engine.prompts:
        assert prompt.n_tokens <= 2_000
        asked = prompt.messages[1].content
        assert "<surroundings>" in asked and "ONE PART" in asked
    last = engine.prompts[-1].messages[1].content.partition("<surroundings>")[2]
    assert "import git" in last and "def step_1(repo: git.Repo) -> None: ..." in last


def test_translate_when_it_fits_then_it_is_one_prompt() -> None:
    engine = ScriptedEngine(rewrite)
    translate(PROGRAM, "gitpython", "dvc", "none", engine=engine, repair=0)
    assert len(engine.prompts) == 1


def test_translate_when_the_models_window_is_smaller_than_the_budget_then_it_is_split_after_all() -> None:
    def small(prompt: Prompt, job: Job) -> str | Exception:
        return ContextLengthError("too long") if prompt.n_tokens > 4_000 else rewrite(prompt, job)

    engine = ScriptedEngine(small)
    found = translate(PROGRAM, "gitpython", "dvc", "none", engine=engine, repair=0)
    assert "create_tag" not in found.code and found.code.count("repo.scm.tag(name)") == N // 2


def test_translate_when_one_definition_does_not_fit_then_says_which() -> None:
    body = "".join(f"    x_{n} = git.Repo('{n}')\n" for n in range(400))
    with pytest.raises(ContextLengthError, match="line 4: big"):
        translate(
            f"import git\n\n\ndef big():\n{body}",
            "gitpython",
            "dvc",
            "none",
            engine=ScriptedEngine(rewrite),
            max_prompt_tokens=2_000,
        )


def test_translate_when_a_part_marks_a_call_then_it_is_unresolved_at_its_line_in_the_program() -> None:
    def mark(prompt: Prompt, job: Job) -> str:
        code = job.code.replace(
            "    repo.create_tag(name)  # step 31\n",
            "    # doctranslate: unresolved: no tags\n    repo.create_tag(name)  # step 31\n",
        )
        return f"```python\n{code}```"

    found = translate(
        PROGRAM, "gitpython", "dvc", "none", engine=ScriptedEngine(mark), max_prompt_tokens=2_000, repair=0
    )
    (one,) = found.unresolved
    assert PROGRAM.splitlines()[one.line - 1] == "    repo.create_tag(name)  # step 31"
