// <button data-opens="id"> opens the <dialog id>; <a data-sheet href="/page/"> shows the <main> of that page in a sheet.
// Without script the first is hidden content's link target and the second simply a page.
function show(dialog) {
  dialog.showModal();
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // the ground beside it
  });
}

async function showPage(link, enhance) {
  const reply = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
  if (!reply.ok || (reply.redirected && new URL(reply.url).pathname.includes("sign-in"))) throw new Error("not a sheet");
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  const title = page.querySelector("h1")?.textContent.trim() ?? "";
  dialog.setAttribute("aria-label", title);
  dialog.innerHTML = '<div class="sheet__head"><h2 class="sheet__title"></h2></div><div class="sheet__body stack" tabindex="0" role="region"></div>';
  dialog.querySelector(".sheet__title").textContent = title;
  dialog.querySelector(".sheet__head").append(closer());
  const body = dialog.querySelector(".sheet__body");
  body.setAttribute("aria-label", title);
  body.append(...page.querySelector("main").childNodes);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  enhance(dialog);
  show(dialog);
}

function closer() {
  const form = document.createElement("form");
  form.method = "dialog";
  const button = document.createElement("button");
  button.className = "iconbutton";
  button.setAttribute("aria-label", document.body.dataset.close);
  const sprite = document.querySelector("use").getAttribute("href").split("#")[0];
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#i-close"></use></svg>`;
  form.append(button);
  return form;
}

export function openDialogs(root, enhance) {
  for (const opener of root.querySelectorAll("[data-opens]:not([data-opening])")) {
    opener.dataset.opening = "1";
    opener.addEventListener("click", (event) => {
      const dialog = document.getElementById(opener.dataset.opens);
      if (!dialog?.showModal) return;
      event.preventDefault();
      show(dialog);
    });
  }
  for (const closing of root.querySelectorAll("dialog [data-closes]")) {
    closing.addEventListener("click", (event) => {
      event.preventDefault();
      closing.closest("dialog").close();
    });
  }
  for (const link of root.querySelectorAll("a[data-sheet]:not([data-opening])")) {
    link.dataset.opening = "1";
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      showPage(link, enhance).catch(() => window.location.assign(link.href));
    });
  }
}
