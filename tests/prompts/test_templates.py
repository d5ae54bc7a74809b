from __future__ import annotations

import re
from importlib import resources

import pytest

from doctranslate.errors import ConfigError
from doctranslate.prompts.templates import VARIABLES, render, template_hash, template_text, template_variables


def test_variables_when_compared_with_the_files_then_match() -> None:
    files = {path.name for path in resources.files("doctranslate.prompts").joinpath("texts").iterdir()}
    assert files == {f"{name}.md" for name in VARIABLES}
    for name, variables in VARIABLES.items():
        assert template_variables(name) == variables, name


def test_template_text_when_read_then_has_no_other_braces() -> None:
    for name in VARIABLES:
        assert "{{" not in re.sub(r"\{\{\w+\}\}", "", template_text(name)), name


def test_render_when_a_value_looks_like_a_variable_then_leaves_it() -> None:
    given = {"symbol": "{{document}}", "headings": "\\1 \\g<0>", "document": "{{symbol}}"}
    found = render("condense", **given)
    assert "Documented object: {{document}}" in found
    assert "\\1 \\g<0>" in found
    assert found.endswith("{{symbol}}")


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"symbol": "", "headings": ""}, "missing variables: document; unknown: none"),
        (
            {"symbol": "", "headings": "", "document": "", "extra": ""},
            "missing variables: none; unknown: extra",
        ),
    ],
)
def test_render_when_the_variables_are_wrong_then_names_them(variables: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        render("condense", **variables)


def test_render_when_the_template_is_unknown_then_lists_what_there_is() -> None:
    with pytest.raises(ConfigError, match=r"'condese'.*translate"):
        render("condese")


def test_template_hash_when_templates_differ_then_differs() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", template_hash("translate"))
    assert template_hash("translate") != template_hash("translate", "translate.system")
