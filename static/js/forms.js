// A form is sent once, however often it is pressed; the pressed button keeps its name and value.
// A file field shows the names, and small pictures, of what was chosen.
// <form data-keep>: leaving with something typed and not sent asks first.
const AGAIN_AFTER = 8000;

function release(form) {
  delete form.dataset.sent;
  for (const button of form.ownerDocument.querySelectorAll("[data-said]")) {
    button.innerHTML = button.dataset.said;
    button.removeAttribute("aria-busy");
    delete button.dataset.said;
  }
}

// Not `disabled`: a disabled button loses the focus and is left out of what is sent.
function showBusy(button) {
  button.setAttribute("aria-busy", "true");
  setTimeout(() => {
    button.dataset.said = button.innerHTML;
    button.textContent = button.dataset.busy;
  }, 0);
}

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    delete form.dataset.changed;
    if (event.submitter?.dataset.busy) showBusy(event.submitter);
    setTimeout(() => release(form), AGAIN_AFTER);
  });
}

function size(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function preview(file, box) {
  const image = document.createElement("img");
  image.alt = file.name;
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  box.append(image);
}

function showFiles(input) {
  const field = input.closest(".field");
  const names = input.dataset.names ? document.getElementById(input.dataset.names) : field?.querySelector(".filefield__names");
  const pictures = field?.querySelector(".previews");
  input.addEventListener("change", () => {
    const files = [...input.files];
    if (names) names.textContent = files.map((file) => `${file.name} (${size(file.size)})`).join(", ");
    pictures?.replaceChildren();
    if (pictures) files.filter((file) => file.type.startsWith("image/")).forEach((file) => preview(file, pictures));
    if (input.dataset.autosend !== undefined && files.length) input.form.requestSubmit();
  });
}

function keepChanges(form) {
  form.addEventListener("input", () => {
    form.dataset.changed = "1";
  });
}

export function guardForms(root) {
  for (const form of root.querySelectorAll("form[method='post']:not([data-guarded]):not([hx-post])")) {
    form.dataset.guarded = "1";
    sendOnce(form);
    if (form.dataset.keep !== undefined) keepChanges(form);
  }
  for (const input of root.querySelectorAll("input[type='file']:not([data-guarded])")) {
    input.dataset.guarded = "1";
    showFiles(input);
  }
}

// Coming back with the browser's back button: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]")) event.preventDefault();
});
