// What was written and is not yet kept by the server, in the order of writing. One message is under way at a time, so
// that the order stays. Texts lie in this tab's storage; pictures only in memory.
function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export class Outbox {
  constructor(name) {
    this.name = name;
    this.underWay = null;
    this.entries = this.stored();
  }

  stored() {
    try {
      return JSON.parse(sessionStorage.getItem(this.name) || "[]");
    } catch {
      return [];
    }
  }

  keep() {
    const texts = this.entries.filter((entry) => !entry.file && !entry.isKept);
    try {
      sessionStorage.setItem(this.name, JSON.stringify(texts));
    } catch {
      // No storage (private window): then it lives as long as the page.
    }
  }

  add(content) {
    const entry = { client_key: newKey(), ...content };
    this.entries.push(entry);
    this.keep();
    return entry;
  }

  // The first that may go out; null while one is under way. A refused one lets the later ones pass.
  next() {
    if (this.underWay) return null;
    const entry = this.entries.find((one) => !one.reason && !one.isKept);
    this.underWay = entry?.client_key || null;
    return entry || null;
  }

  // The connection is gone: nothing is under way any more. Gives those that wait.
  held() {
    this.underWay = null;
    const waiting = this.entries.filter((one) => !one.reason && !one.isKept);
    for (const entry of waiting) entry.isLate = true;
    return waiting;
  }

  release() {
    this.underWay = null;
  }

  retry(entry) {
    delete entry.reason;
    delete entry.isLate;
    this.keep();
  }

  // The server has spoken: a refused entry stays with its reason, any other is kept there and goes when it is shown.
  answer({ type, client_key: key, reason }) {
    if (this.underWay === key) this.underWay = null;
    const entry = this.entries.find((one) => one.client_key === key);
    if (entry && type === "refused") entry.reason = reason || true;
    else if (entry) entry.isKept = true;
    this.keep();
    return entry;
  }

  settled(key) {
    const entry = this.entries.find((one) => one.client_key === key);
    if (!entry) return;
    if (entry.preview) URL.revokeObjectURL(entry.preview);
    this.entries = this.entries.filter((one) => one !== entry);
    if (this.underWay === key) this.underWay = null;
    this.keep();
  }
}
