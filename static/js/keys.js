// Keys of the workbench: "/" to search, arrows through a list, letters and digits shown on the controls they press
// (data-key="a" on a button, link or field), "?" for the list of them.
function isWriting(target) {
  return target.closest("input, textarea, select, [contenteditable]");
}

function pressed(key) {
  return [...document.querySelectorAll("[data-key]")].find(
    (node) => node.dataset.key.toLowerCase() === key && !node.closest("dialog:not([open])") && node.offsetParent !== null,
  );
}

function step(list, by) {
  const items = [...list.querySelectorAll("a[href], button")];
  const at = items.indexOf(document.activeElement);
  items[Math.min(items.length - 1, Math.max(0, at + by))]?.focus();
}

function act(node) {
  if (node.matches("input:not([type=radio],[type=checkbox]), textarea, select")) node.focus();
  else node.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const list = event.target.closest?.("[data-list]");
  if (list && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    step(list, event.key === "ArrowDown" ? 1 : -1);
    return;
  }
  if (event.key === "Escape" && isWriting(event.target)) event.target.blur();
  if (isWriting(event.target) || document.querySelector("dialog[open]")) return;
  const node = pressed(event.key.toLowerCase());
  if (!node) return;
  event.preventDefault();
  act(node);
});
