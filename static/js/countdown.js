// <time data-deadline="2026-11-21T22:30:00+08:00">15:00</time>: minutes and seconds left, printed by the server first.
// When it runs out, data-expired-url is visited if there is one. data-since counts up instead.
const pad = (number) => String(number).padStart(2, "0");

function shown(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${pad(minutes)}:${pad(seconds % 60)}`;
}

// Said aloud, politely, when five minutes and one are left.
const SAID_AT = [300, 60];

function say(node, left) {
  const line = SAID_AT.includes(left) && node.closest("section")?.querySelector("[data-left-said]");
  if (line) line.textContent = line.dataset.leftSaid.replace("{}", String(left / 60));
}

export function startCountdowns(root) {
  for (const node of root.querySelectorAll("[data-deadline]:not([data-running])")) {
    node.dataset.running = "1";
    const deadline = Date.parse(node.dataset.deadline);
    const skew = node.dataset.now ? Date.parse(node.dataset.now) - Date.now() : 0;
    const tick = () => {
      if (!node.isConnected) return;
      const left = Math.max(0, Math.round((deadline - Date.now() - skew) / 1000));
      node.textContent = shown(left);
      say(node, left);
      if (left > 0) setTimeout(tick, 1000);
      else if (node.dataset.expiredUrl) window.location.assign(node.dataset.expiredUrl);
    };
    tick();
  }
  for (const node of root.querySelectorAll("[data-since]:not([data-running])")) {
    node.dataset.running = "1";
    const since = Date.parse(node.dataset.since);
    const tick = () => {
      if (!node.isConnected) return;
      const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
      node.textContent = shown(seconds);
      setTimeout(tick, 1000);
    };
    tick();
  }
}
