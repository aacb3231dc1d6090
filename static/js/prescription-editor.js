// The editor stands on a page whose tabs take the digits, too: while a finding waits for an answer, 1 2 3 are its ways on.
function isWriting(target) {
  return target.closest?.("input, textarea, select, [contenteditable]");
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event.target)) return;
    if (document.querySelector("dialog[open]") || !"123".includes(event.key)) return;
    const way = [...document.querySelectorAll(`[data-rx-editor] .finding [data-key="${event.key}"]`)].find((node) => node.offsetParent !== null);
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    if (way.matches("input")) way.focus();
    else way.click();
  },
  true,
);

// Enter in the search adds the first medicine found; Escape closes the list.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "rx-search") return;
  const found = document.getElementById("rx-found");
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    found?.querySelector("button:not([disabled])")?.click();
  } else if (event.key === "Escape") {
    event.target.value = "";
    found?.replaceChildren();
  }
});
