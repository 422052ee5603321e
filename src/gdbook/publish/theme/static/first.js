// Before anything is laid out: the theme that was chosen, and that scripts run. Furo says the
// latter when all is laid out, and so has the page styled twice.
"use strict";

document.documentElement.classList.remove("no-js");
try {
  document.body.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
  document.body.dataset.theme = "auto"; // from a disk there may be no storage
}
