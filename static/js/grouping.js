// <input data-groups="3 4 4">: what is typed or pasted is shown in groups, 138 0000 0001. The server drops the spaces.
function grouped(text, sizes) {
  const characters = text.replace(/^\+86/, "").replace(/[^0-9xX]/g, "").toUpperCase();
  const groups = [];
  let from = 0;
  for (const size of sizes) {
    if (from >= characters.length) break;
    groups.push(characters.slice(from, from + size));
    from += size;
  }
  // Too many characters stay visible, so that the person sees what is wrong.
  if (from < characters.length) groups.push(characters.slice(from));
  return groups.join(" ");
}

function regroup(input, sizes) {
  const before = input.value;
  const after = grouped(before, sizes);
  if (after === before) return;
  // The caret stays behind the same character, also when somebody corrects in the middle.
  const passed = before.slice(0, input.selectionStart ?? before.length).replace(/[^0-9xX]/g, "").length;
  input.value = after;
  let caret = 0;
  for (let seen = 0; caret < after.length && seen < passed; caret += 1) {
    if (after[caret] !== " ") seen += 1;
  }
  if (document.activeElement === input) input.setSelectionRange(caret, caret);
}

export function groupInputs(root) {
  for (const input of root.querySelectorAll("input[data-groups]:not([data-grouped])")) {
    input.dataset.grouped = "1";
    const sizes = input.dataset.groups.split(" ").map(Number);
    input.addEventListener("input", (event) => {
      if (!event.isComposing) regroup(input, sizes);
    });
    regroup(input, sizes);
  }
}
