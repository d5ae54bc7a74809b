// Waits until nothing is under way, the content is there and has not changed for a moment; scrolls down once for what is
// built when it comes into view; and hands over the document.
const [wanted, answer] = arguments;
const { selector, limitMs, loadLimitMs, maxCharacters } = wanted;
const watch = window.__doctranslate || { requests: 0, scripts: 0, timers: new Set() };
const later = watch.now ? watch.now.timeout : window.setTimeout.bind(window);
const nextFrame = watch.now ? watch.now.frame : window.requestAnimationFrame.bind(window);
const started = performance.now();
let changed = started, dirty = true, size = -1, links = -1, scrolled = false, isDrawn = true;

const matches = () => {
  try {
    return !selector || document.querySelector(selector) !== null;
  } catch (error) {
    return true;  // not a selector of this browser's: nothing to wait for
  }
};
const look = (now) => {
  if (!dirty) return;
  dirty = false;
  const body = document.body;
  const sizeNow = body ? body.textContent.length : 0;
  const linksNow = document.links ? document.links.length : 0;
  if (sizeNow !== size || linksNow !== links) {
    [size, links, changed] = [sizeNow, linksNow, size < 0 ? started : now];
  }
};
const observer = new MutationObserver(() => { dirty = true; });
observer.observe(document, { childList: true, subtree: true, characterData: true, attributeFilter: ['href'] });

const finish = (settled) => {
  observer.disconnect();
  const [visit] = performance.getEntriesByType('navigation');
  const isError = location.protocol === 'chrome-error:';
  const isHtml = ['text/html', 'application/xhtml+xml'].includes(document.contentType) && !isError;
  const html = () => (document.documentElement ? document.documentElement.outerHTML : '');
  const plain = () => (!document.body ? '' : isError ? document.body.innerText : document.body.textContent);
  const text = isHtml ? html() : plain();
  answer({
    url: location.href,
    status: visit ? visit.responseStatus : 0,
    type: document.contentType,
    born: performance.timeOrigin,
    matched: matches(),
    settled,
    length: text.length,
    text: text.length > maxCharacters ? '' : text,
  });
};
const quietNeeded = () => {
  if (scrolled) return wanted.scrollQuietMs;
  const scripts = Array.from(document.scripts);
  if (scripts.length === 0) return 0;
  if (size < wanted.thinCharacters) return wanted.thinQuietMs;
  return scripts.some((script) => script.type === 'module') ? wanted.moduleQuietMs : wanted.quietMs;
};
const isBusy = (now) => {
  // Pictures and frames of a page that is late, and scripts that only count visitors, are not waited for that long.
  if (document.readyState !== 'complete' && now - started < loadLimitMs) return true;
  return !isDrawn || watch.requests > 0 || watch.scripts > 0 || watch.timers.size > 0;
};
const tick = () => {
  const now = performance.now();
  const [visit] = performance.getEntriesByType('navigation');
  if (now - started > limitMs) return finish(false);
  if (visit && visit.responseStatus >= 400) return finish(true);
  look(now);
  if (isBusy(now)) {
    changed = now;
  } else if (matches() && now - changed >= quietNeeded()) {
    const height = document.documentElement ? document.documentElement.scrollHeight : 0;
    if (scrolled || document.scripts.length === 0 || height <= window.innerHeight) return finish(true);
    scrolled = true;
    isDrawn = false;
    window.scrollTo(0, height);
    // What comes into view is told so after it was drawn.
    nextFrame(() => nextFrame(() => { isDrawn = true; }));
  }
  later(tick, 20);
};
tick();
