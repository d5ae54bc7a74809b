import os
import shutil
import zipfile
from pathlib import Path

import pytest

from doctranslate.component_spec import Folder
from doctranslate.errors import CrawlError
from doctranslate.sources.folder import FolderSource

FILES = {
    "index.md": "---\ntitle: 'The Box'\ndescription: x\n---\n\n# Box\n\nKeeps things.\n",
    "guide/index.md": "# Guide {#top}\n\nHow to.\n",
    "guide/add.md": "Text first.\n\n## Adding `x`\n\nmore\n",
    "guide/old.rst": "========\nOld ways\n========\n\nText.\n",
    "api.html": "<title>API</title><main><h1>API</h1><p>x</p></main>",
    "ref/index.html": "<h1>Reference</h1>",
    "my-notes.txt": "Just text.\n",
    "code.py": "x = 1\n",
    ".git/config.md": "# no\n",
    ".hidden.md": "# no\n",
    "_sources/api.rst": "no\n==\n",
}
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"


def write(folder, files=FILES):
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def source(path, **fields) -> FolderSource:
    return FolderSource(Folder(path=str(path), **fields))


def pages(path, **fields):
    return list(source(path, **fields).pages())


def by_uri(path, **fields):
    return {page.uri: page for page in pages(path, **fields)}


@pytest.fixture
def docs(tmp_path):
    return write(tmp_path / "docs")


class TestPages:
    def test_of_a_folder_are_its_documents_sorted_by_path(self, docs):
        assert [(page.uri, page.media_type, page.title) for page in pages(docs)] == [
            ("file:api.html", "text/html", ""),
            ("file:guide/add.md", "text/markdown", "Adding x"),
            ("file:guide/index.md", "text/markdown", "Guide"),
            ("file:guide/old.rst", "text/x-rst", "Old ways"),
            ("file:index.md", "text/markdown", "The Box"),
            ("file:my-notes.txt", "text/plain", "my notes"),
            ("file:ref/index.html", "text/html", ""),
        ]

    def test_have_the_address_they_are_published_at(self, docs):
        found = [page.uri for page in pages(docs, url="https://x.org/docs/")]
        assert found == [
            "https://x.org/docs/api.html",
            "https://x.org/docs/guide/add",
            "https://x.org/docs/guide",
            "https://x.org/docs/guide/old",
            "https://x.org/docs/",
            "https://x.org/docs/my-notes",
            "https://x.org/docs/ref",
        ]

    def test_have_no_front_matter(self, docs):
        assert by_uri(docs)["file:index.md"].text == "# Box\n\nKeeps things.\n"

    def test_with_rules_for_symbols_have_what_they_document(self, docs):
        rules = {r"^/guide/(\w+)$": r"cli:\1", "^/guide$": "cli:box"}
        found = {page.uri: page.symbol for page in pages(docs, symbols=rules) if page.symbol}
        assert found == {
            "file:guide/add.md": "cli:add",
            "file:guide/index.md": "cli:box",
            "file:guide/old.rst": "cli:old",
        }

    def test_of_html_have_the_selector(self, docs):
        found = by_uri(docs, selector="main")
        assert found["file:api.html"].selector == "main"
        assert found["file:index.md"].selector == ""

    def test_with_include_and_skip_are_those_alone(self, docs):
        assert [page.uri for page in pages(docs, include=["**/*.md"], skip=["guide"])] == ["file:index.md"]
        assert [page.uri for page in pages(docs, include=["*.md", "guide/a??.md"])] == [
            "file:guide/add.md",
            "file:index.md",
        ]
        assert [page.uri for page in pages(docs, include=["**/[!i]*.md"])] == ["file:guide/add.md"]

    @pytest.mark.parametrize(
        ("content", "text"),
        [
            ("ü → x\r\ny".encode(), "ü → x\ny"),
            (b"\xef\xbb\xbf\xc3\xbc", "ü"),
            ("ü".encode("utf-16"), "ü"),
            (b"Stra\xdfe", "Straße"),
            (b"", ""),
        ],
    )
    def test_in_any_encoding_are_read(self, tmp_path, content, text):
        assert pages(write(tmp_path, {"a.txt": content}))[0].text == text

    def test_with_a_heading_in_code_have_the_title_that_is_one(self, tmp_path):
        text = "```sh\n# no heading\n```\n\nReal\n====\n\ntext\n"
        assert pages(write(tmp_path, {"a.md": text}))[0].title == "Real"

    def test_with_names_that_are_no_addresses_have_them_quoted(self, tmp_path):
        write(tmp_path, {"a b/ü#1.md": "x"})
        assert pages(tmp_path)[0].uri == "file:a%20b/%C3%BC%231.md"
        assert pages(tmp_path, url="https://x.org")[0].uri == "https://x.org/a%20b/%C3%BC%231"

    def test_relative_to_a_base_are_found_there(self, docs):
        assert len(list(FolderSource(Folder(path="docs"), base=docs.parent).pages())) == 7


class TestLinks:
    def test_out_of_the_folder_are_not_followed(self, docs, tmp_path):
        (tmp_path / "secret.md").write_text("# Secret")
        (docs / "link.md").symlink_to(tmp_path / "secret.md")
        (docs / "up").symlink_to(tmp_path)
        (docs / "loop").symlink_to(docs)
        (docs / "nowhere.md").symlink_to(docs / "missing.md")
        (docs / "inside.md").symlink_to(docs / "my-notes.txt")
        assert [page.uri for page in pages(docs) if page.uri not in by_uri(write(tmp_path / "plain"))] == [
            "file:inside.md"
        ]

    def test_and_pipes_are_no_files(self, docs):
        os.mkfifo(docs / "pipe.md")
        assert len(pages(docs)) == 7


class TestZip:
    def test_gives_the_pages_of_its_folder(self, docs, tmp_path):
        flat = shutil.make_archive(str(tmp_path / "flat"), "zip", docs)
        nested = shutil.make_archive(str(tmp_path / "nested"), "zip", docs.parent, "docs")
        assert pages(flat) == pages(nested) == pages(docs)
        assert source(flat).state() == source(docs).state()

    @pytest.mark.parametrize("name", ["../x.md", "/etc/x.md", "a/../../x.md", "C:/x.md", "a\\..\\x.md"])
    def test_with_a_name_that_leads_out_is_refused(self, tmp_path, name):
        with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
            archive.writestr("ok.md", "x")
            archive.writestr(name, "x")
        with pytest.raises(CrawlError, match="leads out of the folder"):
            pages(tmp_path / "z.zip")

    def test_with_a_symbolic_link_is_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
            link = zipfile.ZipInfo("a.md")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
        with pytest.raises(CrawlError, match="symbolic link"):
            pages(tmp_path / "z.zip")

    def test_with_a_file_that_unpacks_to_too_much_is_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.md", "x" * 20_000_000)
        with pytest.raises(CrawlError, match=r"a\.md has 20,000,000 bytes"):
            pages(tmp_path / "z.zip")

    def test_with_files_that_unpack_to_too_much_is_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(40):
                archive.writestr(f"{number}.md", "x" * 15_000_000)
        with pytest.raises(CrawlError, match="more than 500,000,000"):
            pages(tmp_path / "z.zip")

    def test_that_lies_about_its_sizes_is_refused(self, tmp_path):
        path = tmp_path / "z.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.md", "x" * 20_000_000)
        lie = (10).to_bytes(4, "little")
        path.write_bytes(path.read_bytes().replace((20_000_000).to_bytes(4, "little"), lie))
        with pytest.raises(CrawlError):
            pages(path)

    def test_with_too_many_entries_is_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
            for number in range(50_001):
                archive.writestr(f"{number}.md", "")
        with pytest.raises(CrawlError, match="more than 50,000 entries"):
            pages(tmp_path / "z.zip")

    @pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken"])
    def test_that_is_none_is_refused(self, tmp_path, content):
        (tmp_path / "z.zip").write_bytes(content)
        with pytest.raises(CrawlError, match=r"z\.zip is neither a folder nor a zip"):
            pages(tmp_path / "z.zip")


class TestFolders:
    def test_that_are_missing_raise_and_are_named(self, tmp_path):
        with pytest.raises(CrawlError, match="nothing-here"):
            source(tmp_path / "nothing-here")

    @pytest.mark.parametrize("files", [{}, {"a.py": "x"}, {".git/a.md": "x"}])
    def test_without_documents_raise(self, tmp_path, files):
        write(tmp_path, files)
        with pytest.raises(CrawlError, match="holds no file that matches"):
            pages(tmp_path)

    def test_with_a_file_too_large_raise(self, tmp_path):
        write(tmp_path, {"a.md": b"x" * 16_000_001})
        with pytest.raises(CrawlError, match=r"a\.md has 16,000,001 bytes"):
            pages(tmp_path)


class TestState:
    def test_changes_with_content_and_names_and_with_nothing_else(self, docs):
        first = source(docs).state()
        (docs / "code.py").write_text("changed")
        os.utime(docs / "index.md", (1, 1))
        assert source(docs).state() == first
        (docs / "my-notes.txt").write_text("changed")
        second = source(docs).state()
        (docs / "my-notes.txt").rename(docs / "your-notes.txt")
        assert len({first, second, source(docs).state()}) == 3


@pytest.mark.skipif(not (CORPORA / "dvc").is_dir(), reason="the corpora are not beside this checkout")
def test_the_documentation_of_dvc_is_read_whole():
    rules = {r"/command-reference/([\w/-]+)$": r"cli:\1"}
    found = by_uri(CORPORA / "dvc", url="https://doc.dvc.org", symbols=rules)
    assert len(found) == len(list((CORPORA / "dvc").rglob("*.md"))) > 200
    assert all(page.title for page in found.values())
    page = found["https://doc.dvc.org/command-reference/remote/add"]
    assert (page.symbol, page.title) == ("cli:remote add", "remote add")
    assert found["https://doc.dvc.org/"].title == "DVC Documentation"
