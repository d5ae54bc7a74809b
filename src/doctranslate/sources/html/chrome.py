"""What of a page surrounds its content: navigation, cookie bars, permalinks, edit links, buttons."""

from __future__ import annotations

import re
from typing import Any

from doctranslate.sources.html.dom import Element, squeezed, words

_TAGS = words(
    """
    script style noscript template svg button form select textarea dialog iframe object embed canvas video audio nav
    head link meta
    """
)
_ROLES = words("navigation search banner contentinfo dialog alertdialog tablist toolbar menu menubar")
_CLASSES = words(  # of Sphinx and its themes; of Docusaurus, VitePress, MkDocs, GitBook, GitHub; of anybody
    """
    headerlink viewcode-link sphinxsidebar sphinxsidebarwrapper related wy-nav-side wy-side-nav-search wy-breadcrumbs
    rst-footer-buttons rst-versions bd-sidebar bd-sidebar-primary bd-sidebar-secondary bd-header bd-header-article
    bd-footer bd-toc prev-next-area prev-next-footer prev-next-bottom toc-drawer sidebar-drawer edit-this-page
    back-to-top copybtn copybutton ablog-sidebar sphx-glr-footer sphx-glr-signature sphx-glr-download-link-note

    hash-link theme-doc-toc-mobile theme-doc-toc-desktop theme-doc-footer theme-doc-breadcrumbs pagination-nav
    theme-edit-this-page table-of-contents theme-doc-version-badge VPNav VPSidebar VPDocAside VPDocFooter
    header-anchor md-sidebar md-header md-footer md-source-file md-content__button md-clipboard md-tabs md-top md-skip
    zeroclipboard-container clipboard-copy blob-num

    breadcrumb breadcrumbs toc tocsidebar page-toc on-this-page pagination pager prev-next skip-link skip-to-content
    sr-only visually-hidden screen-reader-text edit-link edit-page edit-on-github copy-button copy-btn btn-copy
    share-buttons social-share page-feedback newsletter site-header site-footer navbar site-nav cookie-bar MathJax
    MathJax_Preview MathJax_Display MathJax_SVG
    """
)
_IDS = words(
    """
    toc table-of-contents sidebar navbar navigation header footer breadcrumbs cookie-bar cookies-bar searchbox
    rst-versions sphinxsidebar
    """
)
_LINE_NUMBERS = words("linenos lineno linenodiv gutter hljs-ln-numbers line-numbers-rows line-numbers")
_TITLES = words("h1 h2 h3 h4 h5 h6")
_HEADINGS_AND_CODE = _TITLES | words("section dl dt dd pre code")
_COOKIES = re.compile(
    r"cookie[-_]?(bar|banner|consent|notice|popup|law|message|overlay|dialog|modal|wall)|(^|[-_\s])consent[-_]|onetrust"
    r"|cookiebot|(^|\s)cc-window|(^|[-_\s])gdpr",
    re.IGNORECASE,
)
_EDIT_LINK = re.compile(
    r"(edit|suggest|improve|view|show|report|propose)\b.{0,20}\b(page|source|github|gitlab|issue|edits?|docs?)\b.{0,20}|"
    r"\[source\]|back to top|(skip|jump) to (main )?content|open in \w+",
    re.IGNORECASE,
)
_SOURCE_OF = re.compile(r"\s*source code in ", re.IGNORECASE)
_PERMALINK_CLASSES = words("anchor anchorjs-link anchor-link permalink heading-anchor heading-link")
_KEPT_ASIDES = re.compile(
    r"topic|sidebar|footnote|admonition|note|tip|warning|callout|aside|important|citation"
)


def drop_chrome(content: Element, *, found: bool) -> None:
    """Remove from an element what is not content. The tree is changed.

    Args:
        content: The element.
        found: Whether it is the element of the content; when False, it is the page's body, whose headers,
            footers and asides are the site's.
    """
    for element in [one for one in content.iterdescendants() if _is_chrome(one, found=found)]:
        if element.getparent() is not None:
            _keep_anchor(element)
            element.drop_tree()


def _keep_anchor(element: Element) -> None:
    """Where the permalink of a heading leads to is the best that is known of the heading's address."""
    href = element.get("href", "")
    heading = element.getparent()
    if element.tag == "a" and len(href) > 1 and href.startswith("#") and heading.tag in _TITLES:
        heading.set("id", href[1:])


def _is_chrome(element: Element, *, found: bool) -> bool:
    tag, attributes = element.tag, element.attrib
    if tag in _TAGS:
        # Some sites put the whole page into one form; MathJax has its formulas in scripts.
        is_kept = tag == "form" and element.find(".//p") is not None
        return not (is_kept or (tag == "script" and attributes.get("type", "").startswith("math/tex")))
    if tag in ("header", "footer", "aside") and (not found or (tag != "header" and _is_beside(element))):
        return True
    if tag == "a":
        return _is_mark(element)
    if tag == "details" and _SOURCE_OF.match(element.text_content()[:80]):
        return True
    if not attributes:
        return False
    return _is_hidden(attributes) or _is_named_so(element)


def _is_hidden(attributes: Any) -> bool:
    if attributes.get("role") == "tabpanel":
        return False  # the tab that is not shown is content, too
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return bool(attributes.get("hidden") != "until-found")
    style: str = attributes.get("style", "")
    return "display:none" in re.sub(r"\s", "", style.lower())


def _is_named_so(element: Element) -> bool:
    attributes = element.attrib
    if attributes.get("role") in _ROLES:
        return True
    names, name = attributes.get("class", ""), attributes.get("id", "")
    if not names and not name:
        return False
    classes = set(names.split())
    if classes & _LINE_NUMBERS:
        return element.tag in ("td", "span", "div") and not re.search(r"[^\W\d]", element.text_content())
    if element.tag in _HEADINGS_AND_CODE:
        return False
    if classes & _CLASSES or (name in _IDS and element.tag in ("div", "ul", "ol")):
        return element.tag != "span" or not _is_code(element)
    return bool(_COOKIES.search(names) or _COOKIES.search(name))


def _is_code(element: Element) -> bool:
    return any(parent.tag in ("pre", "code") for parent in element.iterancestors())


def _is_mark(link: Element) -> bool:
    """Whether a link is a permalink beside a heading, or leads to the source of the page or an editor."""
    classes = set(link.get("class", "").split())
    if classes & _CLASSES or link.get("aria-hidden") == "true":
        return True
    if len(link) > 3:
        return False
    text = squeezed(link.text_content())
    if len(text) > 60:
        return False
    if link.get("href", "").startswith("#") and not re.search(r"\w", text):
        return link.find("img") is None
    if classes & _PERMALINK_CLASSES:
        return not re.search(r"\w", text) or "link" in text.lower()
    return bool(text) and _EDIT_LINK.fullmatch(text) is not None


def _is_beside(element: Element) -> bool:
    """Whether an aside or a footer within the content is none of it."""
    if element.tag == "footer":
        return True
    if element.get("role") in _ROLES or element.find(".//nav") is not None:
        return True
    return not _KEPT_ASIDES.search(element.get("class", "")) and _is_mostly_links(element)


def _is_mostly_links(element: Element) -> bool:
    n_all = len(squeezed(element.text_content()))
    n_linked = sum(len(squeezed(link.text_content())) for link in element.iter("a"))
    return n_linked * 2 > n_all
