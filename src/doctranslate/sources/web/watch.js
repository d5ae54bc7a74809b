// Runs in each new document, before its own scripts. It counts what is under way and can still change the page:
// requests, scripts being loaded, short timers. Nothing that the page could need is changed, apart from dialogs, which
// are answered.
(() => {
  const SHORT_TIMER_MS = 1000;
  const TIMERS_UNTIL_MS = 3000;
  const MAX_TIMER_DEPTH = 3;
  const SCRIPT_LIMIT_MS = 3000;
  // A dialog stops the page until somebody answers.
  window.alert = () => undefined;
  window.confirm = () => false;
  window.prompt = () => null;
  window.print = () => undefined;
  if (window !== window.top || window.__doctranslate) return;

  const now = { timeout: window.setTimeout.bind(window), clear: window.clearTimeout.bind(window),
    frame: window.requestAnimationFrame.bind(window) };
  const watch = { requests: 0, scripts: 0, timers: new Set(), now };
  Object.defineProperty(window, '__doctranslate', { value: watch });

  // What waits for an answer goes on a moment after it is there: done is a moment later too.
  const during = (promise) => {
    watch.requests++;
    const done = () => { now.timeout(() => { watch.requests--; }, 0); };
    promise.then(done, done);
    return promise;
  };
  const { fetch } = window;
  window.fetch = function (...args) {
    const answer = fetch.apply(this, args);
    return args[1] && args[1].keepalive ? answer : during(answer);  // what is kept alive is a farewell to some counter
  };
  for (const name of ['arrayBuffer', 'blob', 'json', 'text']) {
    const read = Response.prototype[name];
    Response.prototype[name] = function () { return during(read.apply(this)); };
  }
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...args) {
    watch.requests++;
    this.addEventListener('loadend', () => { now.timeout(() => { watch.requests--; }, 0); }, { once: true });
    try {
      return send.apply(this, args);
    } catch (error) {
      watch.requests--;
      throw error;
    }
  };

  // A timer that a timer has started, which a timer has started, is a clock and never ends; so may be a late one.
  let depth = 0;
  window.setTimeout = function (callback, delay, ...args) {
    if (typeof callback !== 'function') return now.timeout(callback, delay, ...args);
    const own = depth + 1;
    const id = now.timeout(function () {
      const outer = depth;
      depth = own;
      try {
        return callback.apply(this, args);
      } finally {
        depth = outer;
        watch.timers.delete(id);
      }
    }, delay);
    const isShort = !(Number(delay) > SHORT_TIMER_MS) && performance.now() < TIMERS_UNTIL_MS;
    if (isShort && own <= MAX_TIMER_DEPTH) watch.timers.add(id);
    return id;
  };
  window.clearTimeout = (id) => { watch.timers.delete(id); now.clear(id); };

  const kinds = ['', 'module', 'text/javascript', 'application/javascript'];
  const follow = (script) => {
    if (!script.src || script.noModule || !kinds.includes(script.type)) return;
    watch.scripts++;
    let open = true;
    const done = () => {
      if (open) now.timeout(() => { watch.scripts--; }, 0);
      open = false;
    };
    script.addEventListener('load', done);
    script.addEventListener('error', done);
    now.timeout(done, SCRIPT_LIMIT_MS);  // one that was put there as text is never loaded
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLScriptElement) follow(node);
    }
  }).observe(document, { childList: true, subtree: true });
})();
