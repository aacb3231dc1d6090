// <section data-live="TOKEN" data-live-url="/fragment/">…</section> follows the truth by itself:
// the websocket only rings, the fragment is fetched and takes the element's place. While the socket is away
// the fragment is asked for every few seconds, and an element .stale inside becomes visible.
const POLL = 4000;
const LONGEST_WAIT = 15000;

function address(token) {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${window.location.host}/ws/live/${token}/`;
}

async function refetch(node) {
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
    const text = await reply.text();
    if (text !== node.dataset.shown) {
      const keep = document.activeElement && node.contains(document.activeElement) ? document.activeElement.id : "";
      node.innerHTML = text;
      node.dataset.shown = text;
      node.dispatchEvent(new CustomEvent("xinglin:replaced", { bubbles: true }));
      if (keep) document.getElementById(keep)?.focus();
    }
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

function follow(node) {
  let wait = 1000;
  let open = false;
  const connect = () => {
    if (!node.isConnected) return;
    const socket = new WebSocket(address(node.dataset.live));
    socket.onopen = () => {
      open = true;
      wait = 1000;
      node.dataset.liveState = "live";
    };
    socket.onmessage = () => refetch(node);
    socket.onclose = (event) => {
      open = false;
      node.dataset.liveState = "stale";
      if (event.code === 4403) return;
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };
  connect();
  setInterval(() => {
    if (node.isConnected && !open) refetch(node);
  }, POLL);
}

export function followLive(root) {
  const nodes = [...root.querySelectorAll("[data-live]:not([data-following])")];
  for (const node of nodes) {
    node.dataset.following = "1";
    follow(node);
  }
}
