// <form data-keeps="name-{{ request.user.pk }}">: what is typed survives a session that ended meanwhile. It lies in this tab only, is put
// back into fields that are empty when the page comes again for the same person (her key is in the name), and is
// forgotten once the form has been taken.
const PREFIX = "draft:";

function kept(form) {
  return Array.from(form.elements).filter(
    (field) => field.name && !["password", "file", "hidden", "submit"].includes(field.type) && field.name !== "csrfmiddlewaretoken",
  );
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) || "null");
  } catch {
    return null;
  }
}

function write(key, form, sent) {
  const values = {};
  for (const field of kept(form)) {
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) values[`${field.name}=${field.value}`] = true;
    } else if (field.value) values[field.name] = field.value;
  }
  try {
    sessionStorage.setItem(key, JSON.stringify({ values, sent }));
  } catch {
    // No storage (private window): then nothing is kept.
  }
}

function restore(form, values) {
  for (const field of kept(form)) {
    if (field.type === "radio" || field.type === "checkbox") {
      const isChosen = kept(form).some((other) => other.name === field.name && other.defaultChecked);
      if (!isChosen && values[`${field.name}=${field.value}`]) field.checked = true;
    } else if (!field.value && values[field.name]) {
      field.value = values[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

export function keepDrafts(root) {
  for (const form of root.querySelectorAll("form[data-keeps]:not([data-keeping])")) {
    form.dataset.keeping = "1";
    const key = `${PREFIX}${window.location.pathname}:${form.dataset.keeps}`;
    const draft = read(key);
    if (draft) restore(form, draft.values);
    form.addEventListener("input", () => write(key, form, false));
    form.addEventListener("submit", () => write(key, form, true));
  }
}

// A page other than sign-in after a form was sent means that it was taken, unless it is the form's page again.
export function forgetTakenDrafts() {
  if (window.location.pathname.startsWith("/accounts/")) return;
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const isHere = key.startsWith(`${PREFIX}${window.location.pathname}:`);
    if (!isHere && read(key)?.sent) sessionStorage.removeItem(key);
  }
}
