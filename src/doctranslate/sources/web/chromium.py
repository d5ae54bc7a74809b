"""How Chromium is started to read pages: no window, no pictures, no state, and nothing asked for but the page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doctranslate.sources.web.agent import user_agent

if TYPE_CHECKING:
    from selenium.webdriver.chrome.options import Options

_FLAGS = (
    "--headless=new",
    "--lang=en-US",
    # A window as on a desk, and tall, so that much of a page is in view; drawn in a quarter of the pixels, which is
    # as few as it gets: nobody looks, and drawing was a third of the work.
    "--window-size=1280,2000",
    "--force-device-scale-factor=0.5",
    # What a reader of text does without.
    "--blink-settings=imagesEnabled=false",
    "--disable-remote-fonts",
    "--mute-audio",
    "--autoplay-policy=user-gesture-required",
    "--disable-notifications",
    "--disable-extensions",
    "--block-new-web-contents",
    "--deny-permission-prompts",
    # What the browser would ask for on its own account.
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--disable-features=BackForwardCache,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,InterestFeedContentSuggestions,"
    "MediaRouter,OptimizationHints,Prerender2,SpareRendererForSitePerProcess,Translate",
    # Machines without a screen, and containers with a small /dev/shm.
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # The driver speaks through a pipe, not by a port that others can find.
    "--remote-debugging-pipe",
)
_PREFERENCES = {
    "net.network_prediction_options": 2,
    "profile.default_content_setting_values.geolocation": 2,
    "profile.default_content_setting_values.images": 2,
    "profile.default_content_setting_values.notifications": 2,
    "webrtc.ip_handling_policy": "disable_non_proxied_udp",
}
_BLOCKED_SUFFIXES = (
    *("avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp"),
    *("eot", "otf", "ttf", "woff", "woff2"),
    *("m4a", "m4v", "mov", "mp3", "mp4", "ogg", "ogv", "wav", "webm"),
)
BLOCKED = tuple(f"*.{suffix}{end}" for suffix in _BLOCKED_SUFFIXES for end in ("", "?*"))
"""Patterns of addresses that pages ask for in vain: pictures, fonts, sound and films. Scripts and styles are loaded,
for what is content and what is shown may depend on both."""


def options_for(
    *, is_here: bool, proxy_url: str = "", browser: str = "", profile: Path | None = None
) -> Options:
    """The options of a session.

    Chromium's sandbox stays on, except for root: it refuses to start with it then. A crawl of sites that are not
    trusted is better not run as root.

    Args:
        is_here: Whether the browser is one of this machine, and run by this user.
        proxy_url: Proxy for every connection, loopback included; "" for none.
        browser: The program; "" lets the driver find it.
        profile: Folder for the browser's state; None lets the driver make one.

    Returns:
        Options that ``webdriver.Remote`` takes.
    """
    from selenium.webdriver.chrome.options import Options

    options: Any = Options()  # its setters are not typed
    options.page_load_strategy = "eager"
    options.unhandled_prompt_behavior = "dismiss"
    options.binary_location = browser
    for flag in (*_FLAGS, f"--user-agent={user_agent()}"):
        options.add_argument(flag)
    if is_here and getattr(os, "geteuid", lambda: 1)() == 0:
        options.add_argument("--no-sandbox")
    if profile is not None:
        options.add_argument(f"--user-data-dir={profile}")
    if proxy_url:
        options.add_argument(f"--proxy-server={proxy_url}")
        options.add_argument("--proxy-bypass-list=<-loopback>")
        options.add_argument("--disable-quic")
        options.add_argument("--force-webrtc-ip-handling-policy=disable_non_proxied_udp")
        # The proxy resolves names; should anything pass it by, it finds none.
        options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    # The driver would let pages open windows, which is for tests of such pages.
    options.add_experimental_option("excludeSwitches", ["disable-popup-blocking", "enable-logging"])
    options.add_experimental_option("prefs", _PREFERENCES)
    result: Options = options
    return result
