// P goes to the pass button and does not press it: passing takes a second, deliberate key.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select") || document.querySelector("dialog[open]")) return;
    const pass = document.querySelector("[data-rx-pass]");
    if (!pass) return;
    event.preventDefault();
    event.stopPropagation();
    pass.focus();
  },
  true,
);
