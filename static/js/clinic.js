// The doctor's workbench: parts of the visit without a new page, diagnoses by the keyboard, the reason for stopping.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// ---- The queue: its length beside the title and in the rail follows the list -------------------------------

document.addEventListener("xinglin:replaced", (event) => {
  const waiting = event.target.matches("[data-queue]") && $("[data-waiting]", event.target)?.dataset.waiting;
  if (!waiting) return;
  for (const shown of $$("[data-waiting-shown], .rail__item[aria-current] .count")) shown.textContent = waiting;
});

// ---- Parts: record, prescription, finish --------------------------------------------------------------

function showPart(name) {
  for (const panel of $$("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
  for (const tab of $$("[data-tab]")) {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  const url = new URL(window.location.href);
  url.searchParams.set("tab", name);
  window.history.replaceState(null, "", url);
  document.dispatchEvent(new CustomEvent("xinglin:part", { detail: { name } }));
}

for (const tab of $$("[data-tab]")) {
  tab.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    showPart(tab.dataset.tab);
  });
}

for (const form of $$("form[data-shows]")) form.addEventListener("submit", () => showPart(form.dataset.shows));

// ---- Diagnoses: type, arrows, Enter; chips, the main one first --------------------------------------------

function changed(form) {
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

class Diagnoses {
  constructor(root) {
    this.root = root;
    this.form = $("#record-form");
    this.field = $("[role=combobox]", root);
    this.list = $("[role=listbox]", root);
    this.chosen = $(".dx__chosen", root);
    this.at = -1;
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[data-id]");
      if (option) this.choose(option);
    });
    this.list.addEventListener("htmx:afterSwap", () => this.opened());
    this.chosen.addEventListener("click", (event) => this.pressed(event));
  }

  get options() {
    return $$("[data-id]", this.list);
  }

  opened() {
    this.list.hidden = this.list.children.length === 0;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(this.options.length ? 0 : -1);
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  mark(at) {
    this.at = at;
    this.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    const option = this.options[at];
    if (!option) return;
    this.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.options[this.at]) this.choose(this.options[this.at]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.mark(Math.min(this.options.length - 1, Math.max(0, this.at + by)));
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    }
  }

  choose(option) {
    const known = $$("input[name=diagnosis]", this.chosen).map((input) => input.value);
    if (!known.includes(option.dataset.id)) {
      this.chosen.append(this.chip(option.dataset));
      this.marked();
      changed(this.form);
    }
    this.field.value = "";
    this.list.replaceChildren();
    this.close();
  }

  chip({ id, code, name }) {
    const chip = document.createElement("li");
    chip.className = "tag tag--on dx__chip";
    const input = Object.assign(document.createElement("input"), { type: "hidden", name: "diagnosis", value: id });
    input.setAttribute("form", this.form.id);
    const words = document.createElement("span");
    words.textContent = `${code} ${name}`;
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "dx__remove" });
    remove.setAttribute("aria-label", `${this.root.dataset.remove} ${name}`);
    const sprite = $("use").getAttribute("href").split("#")[0];
    remove.innerHTML = `<svg class="icon icon--xs" aria-hidden="true"><use href="${sprite}#i-close"></use></svg>`;
    chip.append(input, words, remove);
    return chip;
  }

  pressed(event) {
    const chip = event.target.closest("li");
    if (!chip) return;
    if (event.target.closest(".dx__remove")) {
      chip.remove();
      this.field.focus();
    } else if (chip !== this.chosen.firstElementChild) {
      this.chosen.prepend(chip); // pressing a chip makes it the main diagnosis
    } else return;
    this.marked();
    changed(this.form);
  }

  marked() {
    for (const word of $$(".dx__main", this.chosen)) word.remove();
    const first = this.chosen.firstElementChild;
    if (!first) return;
    const word = Object.assign(document.createElement("span"), { className: "dx__main", textContent: this.root.dataset.main });
    first.prepend(word);
  }
}

for (const root of $$("[data-diagnoses]")) new Diagnoses(root);

// ---- Stopping: "No" opens the dialog with its reason chosen -----------------------------------------------

for (const opener of $$("[data-stop-code]")) {
  opener.addEventListener("click", () => {
    const choice = $(`#stop input[value="${opener.dataset.stopCode}"]`);
    if (choice) choice.checked = true;
  });
}

// What was typed a moment ago is on its way before the page goes elsewhere.
const record = $("#record-form");
if (record) {
  let unsaved = false;
  record.addEventListener("input", () => (unsaved = true));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === record && event.detail.successful) unsaved = false;
  });
  window.addEventListener("pagehide", () => {
    if (unsaved) navigator.sendBeacon(record.action, new FormData(record));
  });
  record.addEventListener("submit", () => (unsaved = false));
}

// Signing the prescription signs the record, too: its form is out of date then.
document.addEventListener("htmx:afterSettle", (event) => {
  const path = event.detail.requestConfig?.path ?? event.detail.pathInfo?.requestPath ?? "";
  if (path.endsWith("/prescription/submit/") && $("#record-form") && !$("#rx-search")) {
    window.location.assign(`${window.location.pathname}?tab=rx`);
  }
});
