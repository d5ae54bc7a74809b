import pytest

from doctranslate.curation.markdown import markdown
from doctranslate.curation.sphinx import take_objects, with_flat_signatures
from doctranslate.sources.html.content import find_content
from doctranslate.sources.html.dom import parse_html

LINK = '<a class="headerlink" href="#x" title="Link to this definition">¶</a>'
SOURCE = '<a class="reference internal" href="_modules/box.html#x"><span class="viewcode-link"><span class="pre">[source]</span></span></a>'


def dt(name, rest, prefix="", anchor=None):
    where = f' id="{anchor}"' if anchor else ""
    named = f'<span class="sig-prename descclassname">{prefix}</span>' if prefix else ""
    return (
        f'<dt class="sig sig-object py"{where}>{named}<span class="sig-name descname"><span class="pre">{name}</span>'
        f"</span>{rest}{SOURCE}{LINK}</dt>"
    )


METHOD = (
    '<dl class="py method">'
    + dt(
        "add",
        "<span>(</span><em>path</em>, <em>force=<span>False</span></em>)<span> → </span>int",
        anchor="box.Box.add",
    )
    + '<dd><p>Put a file in.</p><dl class="field-list"><dt>Parameters<span class="colon">:</span></dt><dd><ul>'
    "<li><p><strong>path</strong> - the file</p></li><li><p><strong>force</strong> - overwrite</p></li></ul></dd>"
    "<dt>Returns<span>:</span></dt><dd><p>how many</p></dd></dl>"
    '<div class="doctest highlight-default"><div class="highlight"><pre>&gt;&gt;&gt; Box().add("a")\n1\n</pre></div></div>'
    "</dd></dl>"
)
CLASS = (
    '<dl class="py class">'
    + dt("Box", '<span>(</span><em>path: str = "."</em><span>)</span>', prefix="box.", anchor="box.Box")
    + f"<dd><p>Holds files.</p>{METHOD}<p>Since 1.0.</p>"
    + f'<dl class="py attribute">{dt("size", " = 0", anchor="box.Box.size")}<dd></dd></dl>'
    + f'<dl class="py attribute">{dt("__slots__", " = ()", anchor="box.Box.__slots__")}<dd></dd></dl></dd></dl>'
)


def objects(html):
    content = find_content(parse_html(with_flat_signatures(f"<main><h1>API</h1>{html}</main>")))
    return take_objects(content), content


def test_take_objects_of_a_class_then_its_members_are_objects_of_their_own():
    found, _ = objects(CLASS)
    assert [one.symbol for one in found] == ["box.Box", "box.Box.add", "box.Box.size", "box.Box.__slots__"]
    assert found[0].members == ("add", "size")
    assert markdown(found[0].blocks) == "Holds files.\n\nSince 1.0.\n"


def test_take_objects_then_they_are_gone_from_the_page():
    _, content = objects(f"<p>Before.</p>{CLASS}<p>After.</p>")
    assert "".join(content[0].text_content().split()) == "APIBefore.After."


def test_take_objects_then_a_signature_is_one_line_without_marks():
    found, _ = objects(CLASS)
    assert [one.signatures for one in found[:3]] == [
        ('box.Box(path: str = ".")',),
        ("add(path, force=False) -> int",),
        ("size = 0",),
    ]


def test_take_objects_with_field_lists_then_they_are_lines_and_code_is_code():
    found, _ = objects(METHOD)
    assert markdown(found[0].blocks) == (
        "Put a file in.\n\nParameters:\n- path - the file\n- force - overwrite\n\nReturns: how many\n\n"
        '```python\n>>> Box().add("a")\n1\n```\n'
    )


def test_take_objects_with_a_parameter_per_line_then_the_signature_is_one_line():
    long = '(<dl>\n<dd><em class="sig-param">a: int</em>,</dd>\n<dd><em class="sig-param">b=[1, 2]</em>,</dd>\n</dl>\n) → int'
    found, _ = objects(f'<dl class="py function">{dt("f", long, prefix="m.", anchor="m.f")}<dd></dd></dl>')
    assert found[0].signatures == ("m.f(a: int, b=[1, 2]) -> int",)


def test_take_objects_of_overloads_then_one_object_has_all_signatures():
    html = f'<dl class="py method">{dt("run", "(a)", anchor="m.C.run")}{dt("run", "(b)")}<dd>Runs.</dd></dl>'
    found, _ = objects(html)
    assert [(one.symbol, one.signatures) for one in found] == [("m.C.run", ("run(a)", "run(b)"))]


def test_take_objects_of_two_names_with_one_description_then_each_has_its_own_signature():
    html = f'<dl class="py data">{dt("A", " = 1", "m.", "m.A")}{dt("B", " = 2", "m.", "m.B")}<dd>Limits.</dd></dl>'
    found, _ = objects(html)
    assert [(one.symbol, one.signatures, one.anchor) for one in found] == [
        ("m.A", ("m.A = 1",), "m.A"),
        ("m.B", ("m.B = 2",), "m.B"),
    ]
    assert all(markdown(one.blocks) == "Limits.\n" for one in found)


def test_take_objects_without_an_anchor_then_the_name_is_read_from_the_signature():
    html = f'<dl class="py class">{dt("C", "()", "m.")}<dd><dl class="py method">{dt("f", "()")}<dd></dd></dl></dd></dl>'
    found, _ = objects(html)
    assert [(one.symbol, one.anchor) for one in found] == [("m.C", ""), ("m.C.f", "")]


def test_take_objects_with_an_anchor_that_is_no_name_then_the_name_is_read_from_the_signature():
    found, _ = objects(f'<dl class="py function">{dt("f", "()", "m.", "id3")}<dd></dd></dl>')
    assert [(one.symbol, one.anchor) for one in found] == [("m.f", "id3")]


def test_take_objects_of_an_older_sphinx_then_they_are_found():
    html = '<dl class="function"><dt id="m.f"><code class="descclassname">m.</code><code class="descname">f</code>(a)</dt><dd>Does.</dd></dl>'
    found, _ = objects(html)
    assert [(one.symbol, one.signatures) for one in found] == [("m.f", ("m.f(a)",))]


@pytest.mark.parametrize(
    "html",
    [
        '<dl class="cpp function"><dt class="sig" id="_CPPv41f">void f()</dt><dd></dd></dl>',
        '<dl class="std option"><dt class="sig" id="cmdoption-x">--x</dt><dd></dd></dl>',
        '<dl class="simple"><dt id="term">term</dt><dd>Text.</dd></dl>',
        '<dl class="py function"><dd>No head.</dd></dl>',
    ],
)
def test_take_objects_of_other_lists_then_there_are_none(html):
    found, content = objects(html)
    assert found == []
    assert content[0].find(".//dl") is not None


def test_take_objects_of_mkdocstrings_then_they_are_found():
    html = (
        '<div class="doc doc-object doc-class"><h2 id="box.Box" class="doc doc-heading"><code>Box</code></h2>'
        '<div class="doc doc-contents"><p>Holds files.</p><div class="doc doc-children">'
        '<div class="doc doc-object doc-function"><h3 id="box.Box.add" class="doc doc-heading">add</h3>'
        '<div class="doc-overloads"><div class="doc-signature highlight"><pre>add(path: str) -&gt; int</pre></div></div>'
        '<div class="doc-signature highlight"><pre><code>add(path, force=False) -&gt; int</code></pre></div>'
        '<div class="doc doc-contents"><p>Put a file in.</p></div></div></div></div></div>'
    )
    found, content = objects(html)
    assert [(one.symbol, one.signatures) for one in found] == [
        ("box.Box", ("Box",)),
        ("box.Box.add", ("add(path: str) -> int", "add(path, force=False) -> int")),
    ]
    assert markdown(found[1].blocks) == "Put a file in.\n"
    assert found[0].members == ("add",)
    assert content[0].text_content() == "API"


def test_take_objects_with_a_name_that_python_has_not_then_it_stays_in_the_prose():
    html = (
        f'<dl class="py class">{dt("C", "()", "m.", "m.C")}<dd><dl class="py method">{dt("TIPC_*", "")}<dd>Many.</dd></dl>'
        f'<dl class="py method">{dt("__len__(self):", "", anchor="m.C.__len__")}<dd>Length.</dd></dl></dd></dl>'
        f'<dl class="py method">{dt("set &lt; other", "")}<dd>Subset.</dd></dl>'
    )
    found, content = objects(html)
    assert [one.symbol for one in found] == ["m.C", "m.C.__len__"]
    assert markdown(found[0].blocks) == "- TIPC_*: Many.\n"
    assert "set < other" in content[0].text_content()


def test_take_objects_nested_without_end_then_it_ends():
    inner = f'<dl class="py class">{dt("C", "()")}<dd>'
    found, _ = objects(inner * 300)
    assert len(found[0].symbol) == 1
    assert found[1].symbol == "C.C"


def test_with_flat_signatures_of_heads_without_end_then_the_page_is_as_it_was():
    html = '<dl><dt class="sig">' * 200_000
    assert with_flat_signatures(html) == html
