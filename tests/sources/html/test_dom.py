import subprocess
import sys

import pytest

from doctranslate.sources.html.dom import parse_html, squeezed, words


def test_parse_html_of_nothing_then_there_is_no_element():
    assert parse_html("") is None
    assert parse_html("<!-- a comment -->") is None


def test_parse_html_then_comments_are_gone_and_the_text_around_them_is_one():
    root = parse_html("<p>a<!-- x -->b<?pi?>c</p>")
    assert root.find(".//p").text == "abc"


def test_squeezed_then_runs_of_white_space_are_one_space():
    assert squeezed(" a\n\t b\u00a0c ") == "a b c"


def test_words_then_each_is_there_once():
    assert words("a b\n  a\n") == {"a", "b"}


@pytest.mark.parametrize(
    ("missing", "call"),
    [
        (
            "lxml",
            "from doctranslate.sources.html.links import read_links; read_links('<p>x', url='https://x.org')",
        ),
        ("lxml", "from doctranslate.sources.html.content import content_text; content_text('<p>x')"),
        (
            "cssselect",
            "from doctranslate.sources.html.content import content_text; content_text('<p>x', selector='p')",
        ),
    ],
)
def test_without_a_package_of_the_extra_then_the_error_names_it(missing, call):
    code = f"import sys; sys.modules[{missing!r}] = None; {call}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingExtraError" in done.stderr
    assert f"needs the package '{missing}': run  pip install 'doctranslate[crawl]'" in done.stderr


def test_markdown_without_any_package_of_the_extra_then_it_is_extracted(tmp_path):
    (tmp_path / "a.md").write_text("# A\n\nThe [box](b).\n")
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['lxml', 'bs4', 'cssselect', 'urllib3', 'selenium']))\n"
        "from doctranslate.component_spec import Folder\n"
        "from doctranslate.curation.extract import extract\n"
        "from doctranslate.sources.folder import FolderSource\n"
        f"print([extract(page)[0].text for page in FolderSource(Folder(path={str(tmp_path)!r})).pages()])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("['# A\\n\\nThe box.\\n']", "")
