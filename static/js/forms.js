// A form is sent once, however often it is pressed; the pressed button keeps its name and value.
// <input type="file" data-names="id">: the chosen names are listed in the element with that id.
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const pressed = event.submitter;
    if (pressed && pressed.dataset.busy) {
      pressed.setAttribute("aria-busy", "true");
      setTimeout(() => {
        pressed.textContent = pressed.dataset.busy;
      }, 0);
    }
    setTimeout(() => delete form.dataset.sent, 8000);
  });
}

function showNames(input) {
  const list = document.getElementById(input.dataset.names);
  input.addEventListener("change", () => {
    list.textContent = Array.from(input.files, (file) => file.name).join("，");
    if (input.dataset.autosend !== undefined && input.files.length) input.form.requestSubmit();
  });
}

export function guardForms(root) {
  for (const form of root.querySelectorAll("form[method='post']:not([data-guarded]):not([hx-post])")) {
    form.dataset.guarded = "1";
    sendOnce(form);
  }
  for (const input of root.querySelectorAll("input[type='file'][data-names]:not([data-guarded])")) {
    input.dataset.guarded = "1";
    showNames(input);
  }
}

// Coming back with the browser's back button: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
