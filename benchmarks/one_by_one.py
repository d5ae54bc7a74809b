"""The stock way to read pages that need a browser: one driver, one page after the other.

Does what ``SeleniumURLLoader`` of langchain-community does for each address, by its source: ``get`` with Chromium's
default load strategy, ``page_source``, the text of it, and title, description and language as metadata. That
loader takes the text by ``unstructured``; here lxml takes it, which is faster.

``python -m benchmarks.one_by_one URL...`` reads the addresses from its arguments, or one a line from standard input,
and prints a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time

import lxml.html
from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By


def main() -> None:
    urls = sys.argv[1:] or sys.stdin.read().split()
    began = time.monotonic()
    options = ChromeOptions()
    options.add_argument("--headless")
    options.add_argument("--no-sandbox")
    texts: dict[str, str] = {}
    driver = Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        for url in urls:
            driver.get(url)
            source = driver.page_source
            texts[url] = " ".join(lxml.html.document_fromstring(source).text_content().split())
            _metadata(driver)
    finally:
        driver.quit()
    n_chars = {url: len(text) for url, text in texts.items()}
    print(json.dumps({"seconds": time.monotonic() - began, "n_chars": n_chars}))


def _metadata(driver: Chrome) -> dict[str, str | None]:
    found = {"title": driver.title}
    for name, selector, attribute in (
        ("description", '//meta[@name="description"]', "content"),
        ("language", "html", "lang"),
    ):
        by = By.XPATH if name == "description" else By.TAG_NAME
        try:
            found[name] = driver.find_element(by, selector).get_attribute(attribute)
        except NoSuchElementException:
            found[name] = None
    return found


if __name__ == "__main__":
    main()
