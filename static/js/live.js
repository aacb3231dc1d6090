// <section data-live="TOKEN" data-live-url="/fragment/">…</section> follows the truth by itself: the websocket only
// rings, the fragment is fetched and put into the element. While the socket is away the fragment is asked for every few
// seconds, and a .stale line in or after the element says since when. Parts with the same token share a socket.
const POLL = 4000;
const LONGEST_WAIT = 15000;
const NOT_YOURS = 4403;
const PRESS_ENDS = 100; // on a phone the click comes a moment after the finger has gone
const LONGEST_PRESS = 5000; // a menu of the browser may swallow the end of a press
const bells = new Map();
const held = new Map();
let isPressing = false;

function address(token) {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${window.location.host}/ws/live/${token}/`;
}

function say(node, state) {
  node.dataset.liveState = state;
  const lines = [node.querySelector("[data-stale-since]"), node.nextElementSibling?.querySelector?.("[data-stale-since]")];
  const since = node.dataset.heard && new Date(Number(node.dataset.heard));
  for (const line of lines) {
    if (line && since) {
      const time = since.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
      line.textContent = `${line.dataset.staleSince} ${time}`;
    }
  }
}

// Someone typing inside the part is not interrupted; the next bell or poll brings it up to date.
function isTyping(node) {
  const active = document.activeElement;
  return active && node.contains(active) && active.matches("input:not([type=radio],[type=checkbox]), textarea, select") && active.value !== active.defaultValue;
}

const named = (part) => part.querySelector("summary")?.textContent.trim();

// What somebody opened stays open under the finger, known by the words that open it.
function keepOpen(node, change) {
  const opened = new Set([...node.querySelectorAll("details[open]")].map(named));
  change();
  for (const part of node.querySelectorAll("details")) part.open ||= opened.has(named(part));
}

function replace(node, text) {
  if (isPressing) held.set(node, text);
  else renew(node, text);
}

function renew(node, text) {
  if (text === node.dataset.shown || isTyping(node) || node.querySelector("dialog[open]")) return;
  const keep = node.contains(document.activeElement) ? document.activeElement.id : "";
  keepOpen(node, () => {
    node.innerHTML = text;
  });
  node.dataset.shown = text;
  node.dispatchEvent(new CustomEvent("xinglin:replaced", { bubbles: true }));
  if (keep) document.getElementById(keep)?.focus();
}

async function refetch(node) {
  if (!node.dataset.liveUrl) return;
  if (node.dataset.fetching) {
    node.dataset.again = "1";
    return;
  }
  node.dataset.fetching = "1";
  try {
    const reply = await fetch(node.dataset.liveUrl, { headers: { "X-Requested-With": "fetch" }, redirect: "follow" });
    if (reply.headers.get("X-Location")) {
      window.location.assign(reply.headers.get("X-Location"));
      return;
    }
    if (!reply.ok || reply.redirected) return;
    node.dataset.heard = String(Date.now());
    if (reply.status !== 204) replace(node, await reply.text());
  } catch {
    // No network: the poll tries again, and the page says that it is stale.
  } finally {
    delete node.dataset.fetching;
    if (node.dataset.again) {
      delete node.dataset.again;
      refetch(node);
    }
  }
}

class Bell {
  constructor(token) {
    this.token = token;
    this.nodes = new Set();
    this.wait = 1000;
    this.isOpen = false;
    this.wasOpen = false;
    this.connect();
    setInterval(() => this.poll(), POLL);
  }

  connect() {
    const socket = new WebSocket(address(this.token));
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.rung(event);
    socket.onclose = (event) => this.closed(event);
  }

  opened() {
    this.isOpen = true;
    this.wait = 1000;
    for (const node of this.nodes) say(node, "live");
    if (this.wasOpen) this.refetchAll(); // what rang meanwhile was not heard
    this.wasOpen = true;
  }

  rung(event) {
    for (const node of this.nodes) node.dataset.heard = String(Date.now());
    document.dispatchEvent(new CustomEvent("xinglin:bell", { detail: JSON.parse(event.data) }));
    this.refetchAll();
  }

  closed(event) {
    this.isOpen = false;
    for (const node of this.nodes) say(node, "stale");
    if (event.code === NOT_YOURS) return;
    // The spread keeps a thousand pages from coming back in the same second after a restart.
    setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  refetchAll() {
    for (const node of this.nodes) {
      if (node.isConnected) refetch(node);
      else this.nodes.delete(node);
    }
  }

  poll() {
    if (!this.isOpen && !document.hidden) this.refetchAll();
  }
}

export function followLive(root) {
  const inside = [...root.querySelectorAll("[data-live]:not([data-following])")];
  for (const node of inside) {
    node.dataset.following = "1";
    node.dataset.heard = String(Date.now());
    if (!bells.has(node.dataset.live)) bells.set(node.dataset.live, new Bell(node.dataset.live));
    bells.get(node.dataset.live).nodes.add(node);
  }
}

// A press that has begun ends on what it began on: the part waits so long, or the click would be lost.
let pressEnds = 0;

function endPress(after) {
  clearTimeout(pressEnds);
  pressEnds = setTimeout(() => {
    isPressing = false;
    for (const [node, text] of held) renew(node, text);
    held.clear();
  }, after);
}

function beginPress() {
  isPressing = true;
  endPress(LONGEST_PRESS);
}

document.addEventListener("pointerdown", beginPress, true);
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => endPress(PRESS_ENDS), true);

// Coming back to a tab that slept: look at once.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const bell of bells.values()) bell.refetchAll();
});
