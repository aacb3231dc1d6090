// The conversation of a visit, for both sides. The server keeps every message once (by its client_key) and numbers
// them without holes; this page shows them in that order. What is written goes out one by one, in the order of
// writing, over the websocket or, while there is none, by POST. What could not be sent stays and is sent afterwards;
// texts survive a reload of this tab, as does the line that was being written.
import { Outbox } from "./outbox.js";

const NOT_YOURS = 4403;
const LONGEST_PAUSE = 15000; // ms between attempts to connect
const ROUND = 5000; // ms between questions while there is no websocket
const PULSE = 25000; // ms between signs of life over the websocket
const ANSWER_BY = 8000; // ms after which a silent websocket counts as broken
const NEAR_END = 80; // px

class Conversation {
  constructor(root) {
    this.words = root.dataset;
    this.list = root.querySelector("[data-chat-list]");
    this.form = root.querySelector("[data-chat-form]");
    this.input = root.querySelector("[data-chat-text]");
    this.file = root.querySelector("[data-chat-picture]");
    this.closed = root.querySelector("[data-chat-closed]");
    this.stale = root.querySelector("[data-chat-stale]");
    this.icons = root.querySelector("[data-chat-icons]").content;
    this.shown = new Map();
    this.last = 0;
    this.read = 0;
    this.told = 0;
    this.stays = true; // at the end of the list, also while pictures are still loading
    this.socket = null;
    this.pause = 1000;
    this.draft = `chat-draft-${this.words.number}-${this.words.me}`;
    this.outbox = new Outbox(`chat-${this.words.number}-${this.words.me}`);
    this.begin();
  }

  begin() {
    this.list.replaceChildren();
    this.take(JSON.parse(document.getElementById("chat-start").textContent));
    for (const entry of this.outbox.entries) this.showEntry(entry);
    this.input.value = sessionStorage.getItem(this.draft) || "";
    this.input.addEventListener("input", () => sessionStorage.setItem(this.draft, this.input.value));
    // Before any other listener of the form: the page stays, so the guard against a double press must not lock it.
    this.form.addEventListener("submit", (event) => this.written(event), true);
    this.file.addEventListener("change", () => this.chosen());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.sync();
    });
    window.addEventListener("online", () => this.connect());
    this.list.addEventListener("scroll", () => {
      this.stays = this.isNearEnd();
    });
    this.toEnd();
    this.connect();
    setInterval(() => this.round(), ROUND);
    setInterval(() => this.isOpen() && this.sync(), PULSE);
  }

  isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  // --- What is shown ---------------------------------------------------------------------------------

  icon(name) {
    return this.icons.querySelector(`[data-icon="${name}"]`).firstElementChild.cloneNode(true);
  }

  bubble(item) {
    if (item.kind === "notice") {
      const node = document.createElement("p");
      const text = document.createElement("span");
      node.className = "noted";
      text.textContent = `${item.time} ${item.text}`;
      node.append(this.icon("notice"), text);
      return node;
    }
    const node = document.createElement("div");
    node.className = item.mine ? "said said--me" : "said";
    const body = document.createElement("div");
    body.className = "said__bubble";
    if (item.picture) body.append(this.picture(item.picture));
    else body.textContent = item.text;
    const state = document.createElement("span");
    state.className = "said__state";
    node.append(body, state);
    return node;
  }

  picture(address) {
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener";
    const image = document.createElement("img");
    image.src = address;
    image.alt = this.words.picture;
    image.addEventListener("load", () => this.stays && this.toEnd());
    link.append(image);
    return link;
  }

  place(item) {
    const node = this.bubble(item);
    const known = this.shown.get(item.client_key);
    if (known) known.node.remove();
    this.list.append(node);
    this.shown.set(item.client_key, { node, item });
    return node;
  }

  isNearEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_END;
  }

  toEnd() {
    this.stays = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  mark() {
    for (const { node, item } of this.shown.values()) {
      const state = node.querySelector(".said__state");
      if (!state || !item.number) continue;
      const isRead = item.mine && item.number <= this.read;
      state.replaceChildren(...(isRead ? [this.icon("read"), `${this.words.read} ${item.time}`] : [item.time]));
    }
  }

  // A message on its way: sending, kept until there is a network, or refused.
  showEntry(entry) {
    const node = this.place({ ...entry, picture: entry.preview || "", mine: true, kind: "text" });
    const state = node.querySelector(".said__state");
    node.classList.toggle("said--failed", Boolean(entry.reason));
    if (!entry.reason) {
      state.replaceChildren(this.icon("sending"), entry.isLate ? this.words.queued : this.words.sending);
      return;
    }
    const again = document.createElement("button");
    again.type = "button";
    again.className = "said__again";
    again.textContent = this.words.again;
    again.addEventListener("click", () => {
      this.outbox.retry(entry);
      this.showEntry(entry);
      this.sendNext();
    });
    const isKnown = typeof entry.reason === "string";
    state.replaceChildren(this.icon("failed"), `${isKnown ? entry.reason : this.words.failed} `, again);
  }

  // --- What comes in ---------------------------------------------------------------------------------

  take(data) {
    const stay = this.stays;
    for (const item of data.items) {
      if (item.number <= this.last) continue;
      this.outbox.settled(item.client_key);
      this.place(item);
      this.last = item.number;
    }
    // What is still on its way stands below what is kept.
    for (const entry of this.outbox.entries) {
      const known = this.shown.get(entry.client_key);
      if (known) this.list.append(known.node);
    }
    this.read = Math.max(this.read, data.read);
    this.form.hidden = !data.is_open;
    this.closed.hidden = data.is_open;
    this.mark();
    if (stay) this.toEnd();
    this.tellRead();
  }

  tellRead() {
    if (document.visibilityState !== "visible" || !this.isOpen() || this.last <= this.told) return;
    this.told = this.last;
    this.socket.send(JSON.stringify({ type: "read", number: this.last }));
  }

  async sync() {
    if (this.isOpen()) {
      this.ask({ type: "sync", after: this.last });
      return;
    }
    try {
      const reply = await fetch(`${this.words.post}?after=${this.last}`, { redirect: "error" });
      if (reply.ok) this.take(await reply.json());
    } catch {
      // No network: the next round tries again.
    }
  }

  // --- What goes out ---------------------------------------------------------------------------------

  written(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    sessionStorage.removeItem(this.draft);
    this.queue(this.outbox.add({ text }));
  }

  chosen() {
    for (const file of this.file.files) this.queue(this.outbox.add({ text: "", file, preview: URL.createObjectURL(file) }));
    this.file.value = "";
  }

  queue(entry) {
    this.showEntry(entry);
    this.toEnd();
    this.sendNext();
  }

  sendNext() {
    const entry = this.outbox.next();
    if (!entry) return;
    if (this.isOpen() && !entry.file) this.ask({ type: "send", client_key: entry.client_key, text: entry.text });
    else this.post(entry);
  }

  async post(entry) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.set("client_key", entry.client_key);
    if (entry.file) body.set("picture", entry.file, entry.file.name);
    else body.set("text", entry.text);
    try {
      const headers = { Accept: "application/json" };
      const reply = await fetch(this.words.post, { method: "POST", body, headers });
      if (reply.status === 401 || reply.status === 403) this.answered({ ...entry, type: "refused", reason: this.words.ended });
      else this.answered(await reply.json());
    } catch {
      this.notSent();
    }
  }

  notSent() {
    for (const entry of this.outbox.held()) this.showEntry(entry);
  }

  answered(answer) {
    const entry = this.outbox.answer(answer);
    if (entry?.reason) this.showEntry(entry);
    else this.sync();
    this.sendNext();
  }

  // --- The websocket ---------------------------------------------------------------------------------

  // Say something that has an answer; without one the connection is broken, whatever the browser believes.
  ask(message) {
    const { socket } = this;
    socket.send(JSON.stringify(message));
    clearTimeout(socket.answerBy);
    socket.answerBy = setTimeout(() => {
      if (this.socket === socket) this.lost(socket);
    }, ANSWER_BY);
  }

  connect() {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${window.location.host}/ws/visits/${this.words.number}/`);
    this.socket = socket;
    socket.onopen = () => {
      this.pause = 1000;
      this.stale.hidden = true;
      this.outbox.release();
      this.sync();
      this.sendNext();
    };
    socket.onmessage = (event) => {
      clearTimeout(socket.answerBy);
      const data = JSON.parse(event.data);
      if (data.type === "bell") this.sync();
      else if (data.type === "messages") this.take(data);
      else this.answered(data);
    };
    socket.onclose = (event) => this.lost(socket, event.code);
  }

  lost(socket, code = 0) {
    clearTimeout(socket.answerBy);
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    if (this.socket !== socket) return;
    this.socket = null;
    this.notSent();
    if (code === NOT_YOURS) return;
    setTimeout(() => {
      this.stale.hidden = this.isOpen();
    }, 2000);
    setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  // While there is no websocket the same goes by ordinary requests.
  async round() {
    if (this.isOpen() || this.socket?.readyState === WebSocket.CONNECTING) return;
    await this.sync();
    this.outbox.release();
    this.sendNext();
  }
}

for (const root of document.querySelectorAll("[data-chat]")) new Conversation(root);
