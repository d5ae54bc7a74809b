"""The rules first, a model for what they leave."""

from __future__ import annotations

from doctranslate import ScriptedEngine, translate

EASY = """\
import git

repo = git.Repo(".")
repo.index.add(["data/train.csv"])
repo.index.commit("Add the data")
"""
HARD = EASY + "print(repo.git.blame('HEAD', 'train.py'))\n"


def test_translate_when_the_rules_leave_nothing_then_no_model_is_asked() -> None:
    engine = ScriptedEngine()  # has no reply: a call would raise
    found = translate(EASY, "gitpython", "dvc", "llm-docs", engine=engine, draft=True)
    assert found.ok and found.usage.n_calls == 0 and found.rounds == ()
    assert found.code == translate(EASY, "gitpython", "dvc", engine="offline").code
    assert any("scripted was not asked" in note.message for note in found.notes)


def test_translate_when_the_rules_leave_something_then_the_model_gets_their_draft_and_what_is_left() -> None:
    by_rules = translate(HARD, "gitpython", "dvc", engine="offline")
    assert len(by_rules.bridged) == 1
    engine = ScriptedEngine([f"```python\n{by_rules.code}```"])
    found = translate(HARD, "gitpython", "dvc", "docs", engine=engine, draft=True)
    asked = engine.prompts[0].messages[1].content
    assert f"<draft>\n{by_rules.code}</draft>" in asked and f"<program>\n{HARD}</program>" in asked
    assert "- line 6: " in asked and by_rules.bridged[0].reason[:30] in asked
    assert found.code == by_rules.code
    # Only what is left needs documents.
    whole = ScriptedEngine([f"```python\n{by_rules.code}```"])
    without = translate(HARD, "gitpython", "dvc", "docs", engine=whole)
    assert len(found.retrieved.docs_src) < len(without.retrieved.docs_src)


def test_translate_when_the_model_elides_then_it_is_the_draft_that_is_merged_back() -> None:
    by_rules = translate(HARD, "gitpython", "dvc", engine="offline")
    last = by_rules.code.splitlines()[-1]
    changed = last.replace("train.py", "other.py")
    assert changed != last
    reply = f"```python\n# ... rest unchanged\n{changed}\n```"
    found = translate(HARD, "gitpython", "dvc", "none", engine=ScriptedEngine([reply]), draft=True, repair=0)
    assert found.code == by_rules.code.replace(last, changed)


def test_translate_when_there_is_no_model_then_a_draft_is_all_there_is() -> None:
    found = translate(EASY, "gitpython", "dvc", engine="offline", draft=True)
    assert found.ok and found.notes == ()
