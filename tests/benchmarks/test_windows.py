"""The stock baseline knows which object each of its windows documents."""

from windows import WindowSearch, cut

from doctranslate.records import Page


def page(symbol: str, n_chars: int, *, word: str = "x") -> Page:
    title = symbol.rpartition(".")[2]
    return Page(uri=symbol, title=title, text=word * (n_chars - len(title) - 3), symbol=symbol)


def test_cut_when_pages_share_windows_then_each_window_has_those_it_mostly_holds():
    windows = cut([page("lib.a", 60), page("lib.b", 130), page("lib.c", 10)], size=100)
    assert [len(window.text) for window in windows] == [100, 100]
    assert [window.symbols for window in windows] == [{"lib.a"}, {"lib.b", "lib.c"}]


def test_cut_when_windows_are_joined_then_no_text_is_lost():
    pages = [page(f"lib.f{n}", 37 + n, word="y") for n in range(9)]
    text = "".join(window.text for window in cut(pages, size=50))
    assert text == "".join(f"{one.title}\n{one.text}\n\n" for one in pages)


def test_search_when_a_window_has_the_words_then_it_comes_first():
    words = ["push data away", "pull data here", "name a release", "list branches"]
    pages = [Page(uri=w, title=w.split()[0], text=w, symbol=f"lib.{w.split()[0]}") for w in words]
    search = WindowSearch([cut([one])[0] for one in pages])
    assert search.search("release name", k=2)[0].symbols == {"lib.name"}
    assert len(search.search("push", k=3)) == 3
