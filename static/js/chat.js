// The conversation of a visit. The websocket carries text and rings; the server keeps every message once, by its
// client_key, and in order. What could not be sent waits here (also over a reload) and is sent in order afterwards.
const box = document.querySelector("[data-chat]");
if (box) start(box);

function start(root) {
  const list = root.querySelector("[data-chat-list]");
  const form = root.querySelector("[data-chat-form]");
  const input = root.querySelector("[data-chat-text]");
  const file = root.querySelector("[data-chat-picture]");
  const words = root.dataset;
  const store = `chat-${words.number}-${words.me}`;
  const shown = new Map();
  let waiting = JSON.parse(sessionStorage.getItem(store) || "[]");
  let last = 0;
  let read = 0;
  let socket = null;
  let sending = null;
  let pause = 1000;

  const keep = () => sessionStorage.setItem(store, JSON.stringify(waiting));
  const isOpen = () => socket && socket.readyState === WebSocket.OPEN;
  const atEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;

  function bubble(item) {
    const node = document.createElement(item.kind === "notice" ? "p" : "div");
    if (item.kind === "notice") {
      node.className = "noted";
      node.textContent = `${item.time} ${item.text}`;
      return node;
    }
    node.className = item.mine ? "said said--me" : "said";
    const body = document.createElement("div");
    body.className = "said__bubble";
    if (item.picture) {
      const link = document.createElement("a");
      link.href = item.picture;
      link.target = "_blank";
      link.rel = "noopener";
      const image = document.createElement("img");
      image.src = item.picture;
      image.alt = words.picture;
      link.append(image);
      body.append(link);
    } else {
      body.textContent = item.text;
    }
    const state = document.createElement("span");
    state.className = "said__state";
    node.append(body, state);
    return node;
  }

  function place(item) {
    const known = shown.get(item.client_key);
    const node = bubble(item);
    if (known) known.node.replaceWith(node);
    else list.append(node);
    shown.set(item.client_key, { node, item });
    return node;
  }

  function mark() {
    for (const { node, item } of shown.values()) {
      const state = node.querySelector(".said__state");
      if (!state || !item.number) continue;
      state.textContent = item.mine ? `${item.number <= read ? words.read : words.sent} ${item.time}` : item.time;
    }
  }

  function showWaiting(entry, failed) {
    const node = place({ ...entry, mine: true, kind: "text", time: "" });
    list.append(node);
    node.classList.toggle("said--failed", failed);
    const state = node.querySelector(".said__state");
    state.textContent = failed ? `${entry.reason || words.failed} ` : words.sending;
    if (failed) {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "said__again";
      again.textContent = words.again;
      again.addEventListener("click", () => {
        delete entry.reason;
        showWaiting(entry, false);
        sendNext();
      });
      state.append(again);
    }
  }

  function take(data) {
    const stay = atEnd();
    for (const item of data.items) {
      if (item.number <= last) continue;
      waiting = waiting.filter((entry) => entry.client_key !== item.client_key);
      place(item);
      last = item.number;
    }
    for (const entry of waiting) list.append(shown.get(entry.client_key)?.node || "");
    read = data.read;
    keep();
    mark();
    if (!data.is_open && !form.hidden) {
      form.hidden = true;
      const closed = document.createElement("p");
      closed.className = "noted";
      closed.textContent = words.closed;
      list.append(closed);
    }
    if (stay) list.scrollTop = list.scrollHeight;
    if (document.visibilityState === "visible" && last && isOpen()) {
      socket.send(JSON.stringify({ type: "read", number: last }));
    }
  }

  async function sync() {
    if (isOpen()) {
      socket.send(JSON.stringify({ type: "sync", after: last }));
      return;
    }
    try {
      const reply = await fetch(`${words.post}?after=${last}`);
      if (reply.ok) take(await reply.json());
    } catch {
      // No network: the next round tries again.
    }
  }

  function settled(answer) {
    if (sending && answer.client_key === sending) sending = null;
    const entry = waiting.find((one) => one.client_key === answer.client_key);
    if (answer.type === "refused" && entry) {
      entry.reason = answer.reason;
      keep();
      showWaiting(entry, true);
    } else {
      sync();
    }
    sendNext();
  }

  async function sendNext() {
    const entry = waiting.find((one) => !one.reason);
    if (!entry || sending) return;
    sending = entry.client_key;
    if (isOpen()) {
      socket.send(JSON.stringify({ type: "send", client_key: entry.client_key, text: entry.text }));
      return;
    }
    try {
      const body = new FormData(form);
      body.set("client_key", entry.client_key);
      body.set("text", entry.text);
      body.delete("picture");
      const reply = await fetch(words.post, { method: "POST", body });
      settled(await reply.json());
    } catch {
      sending = null;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const text = input.value.trim();
    if (!text) return;
    const entry = { client_key: crypto.randomUUID ? crypto.randomUUID() : fallbackKey(), text };
    waiting.push(entry);
    keep();
    input.value = "";
    showWaiting(entry, false);
    list.scrollTop = list.scrollHeight;
    sendNext();
  }, true);

  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const body = new FormData(form);
    body.set("client_key", crypto.randomUUID ? crypto.randomUUID() : fallbackKey());
    body.delete("text");
    const notice = document.createElement("p");
    notice.className = "noted";
    notice.textContent = words.sending;
    list.append(notice);
    try {
      const reply = await fetch(words.post, { method: "POST", body });
      const answer = await reply.json();
      if (answer.type === "refused") notice.textContent = answer.reason;
      else notice.remove();
      sync();
    } catch {
      notice.textContent = words.failed;
    }
    file.value = "";
  });

  function connect() {
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${window.location.host}/ws/visits/${words.number}/`);
    socket.onopen = () => {
      pause = 1000;
      sending = null;
      sync();
      sendNext();
    };
    socket.onmessage = (event) => {
      const data = JSON.parse(event.data);
      if (data.type === "bell") sync();
      else if (data.type === "messages") take(data);
      else settled(data);
    };
    socket.onclose = (event) => {
      sending = null;
      if (event.code === 4403) return;
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 15000);
    };
  }

  take(JSON.parse(document.getElementById("chat-start").textContent));
  for (const entry of waiting) showWaiting(entry, Boolean(entry.reason));
  list.scrollTop = list.scrollHeight;
  connect();
  setInterval(() => {
    if (!isOpen()) sync().then(sendNext);
  }, 5000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sync();
  });
}

function fallbackKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
