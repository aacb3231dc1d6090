// What every page does: forms that are sent once, times that run, dialogs that open, parts that follow the truth.
import { startCountdowns } from "./countdown.js";
import { openDialogs } from "./dialogs.js";
import { forgetTakenDrafts, keepDrafts } from "./drafts.js";
import { guardForms } from "./forms.js";
import { groupInputs } from "./grouping.js";
import { followLive } from "./live.js";

function enhance(root) {
  guardForms(root);
  groupInputs(root);
  keepDrafts(root);
  startCountdowns(root);
  openDialogs(root, enhance);
  followLive(root);
}

forgetTakenDrafts();
enhance(document);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) enhance(event.detail.elt);
});
document.addEventListener("xinglin:replaced", (event) => enhance(event.target));
