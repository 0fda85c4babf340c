// What scripts add to forms that work without them: questions that come and go with an answer, the
// progress of a file that is sent, and a word where what was written could not be saved.
"use strict";

// ---- questions that hang on another

// An element with `data-asked-if="NAME"` and `data-asked-on="VALUE ..."` is asked once the field
// has one of these values. What is not asked is not sent.
function ask(form) {
  let fresh = 0;
  for (const part of form.querySelectorAll("[data-asked-if]")) {
    const answers = new FormData(form).getAll(part.dataset.askedIf);
    const isAsked = part.dataset.askedOn.split(" ").some((each) => answers.includes(each));
    if (part.hidden && isAsked) fresh += 1;
    part.hidden = !isAsked;
    for (const field of part.querySelectorAll("input, select, textarea, button")) {
      field.disabled = !isAsked;
    }
  }
  return fresh;
}

function askAll() {
  for (const part of document.querySelectorAll("[data-asked-if]")) {
    const form = part.closest("form");
    if (!form || form.dataset.asks) continue;
    form.dataset.asks = "yes";
    ask(form);
    form.addEventListener("change", () => {
      const heard = form.querySelector("[data-asks-said]");
      if (heard) heard.textContent = ask(form) ? heard.dataset.asksSaid : "";
      else ask(form);
    });
  }
}

// ---- files

document.addEventListener("submit", (event) => {
  const form = event.target;
  const told = form.querySelector(".sending");
  const chosen = form.querySelector('input[type="file"]');
  if (event.defaultPrevented || !told || !chosen?.files.length) return;
  event.preventDefault();
  send(form, told, new FormData(form, event.submitter));
});

function send(form, told, data) {
  const request = new XMLHttpRequest();
  const bar = told.querySelector("progress");
  const stop = told.querySelector("button");
  const wrong = told.querySelector("[role=alert]");
  const failed = (words) => {
    told.querySelector(".under-way").hidden = true;
    wrong.textContent = words;
    delete form.dataset.sent;
  };
  wrong.textContent = "";
  bar.removeAttribute("value");
  told.hidden = false;
  told.querySelector(".under-way").hidden = false;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
  });
  request.addEventListener("load", () => arrived(form, request, failed));
  request.addEventListener("error", () => failed(told.dataset.away));
  request.addEventListener("abort", () => failed(told.dataset.stopped));
  stop.onclick = () => request.abort();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(data);
}

function arrived(form, request, failed) {
  const next = request.getResponseHeader("HX-Redirect");
  if (next) {
    const to = new URL(next, location.href);
    const isHere = to.pathname + to.search === location.pathname + location.search;
    if (isHere) {
      location.hash = to.hash;
      location.reload();
    } else location.assign(to);
    return;
  }
  if (request.status === 401) {
    form.submit(); // the page that this leads to keeps what was typed
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    failed(page.body.textContent.trim());
    return;
  }
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  window.htmx?.process(document.querySelector("main"));
  askAll();
  document.querySelector(".faults")?.focus();
}

// ---- forms that save themselves

// Where the service does not answer, that is said, and saving is tried again.
document.addEventListener("htmx:error", (event) => {
  const form = event.detail?.ctx?.sourceElement;
  const place = form?.querySelector?.(".saved");
  if (!place || !form.dataset.away) return;
  const words = document.createElement("p");
  words.className = "notice danger";
  words.setAttribute("role", "alert");
  words.textContent = form.dataset.away;
  place.replaceChildren(words);
  setTimeout(() => form.isConnected && form.dispatchEvent(new Event("change")), 10000);
});

askAll();
