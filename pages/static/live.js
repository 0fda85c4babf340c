// Pages bring themselves up to date where scripts run; without them a reload does the same.
//
// An element with an id and `data-live="SUBJECT"` is shown anew when the subject changes. The
// stream names the subject alone; the page is asked for again, and its elements are exchanged.
"use strict";

const at = document.body.dataset.liveAt;
const live = () => [...document.querySelectorAll("[data-live][id]")];
const subjects = [...new Set(live().map((each) => each.dataset.live))];
const first = live().map((each) => each.dataset.liveKnown).filter(Boolean);

let source = null;
let known = [...new Set(first)].join(" ");
let asking = false;
let again = new Set();

const said = document.createElement("p");
said.className = "unseen";
said.setAttribute("role", "status");
if (subjects.length) document.body.append(said);

function open() {
  if (source || document.hidden || !at || !subjects.length || !window.EventSource) return;
  const asked = new URLSearchParams(subjects.map((each) => ["on", each]));
  if (known) asked.set("known", known);
  source = new EventSource(`${at}?${asked}`);
  source.addEventListener("here", (event) => { known = event.lastEventId; });
  source.addEventListener("changed", (event) => {
    known = event.lastEventId;
    refresh(event.data.split(" "));
  });
}

function close() {
  if (source) source.close();
  source = null;
}

async function refresh(changed) {
  for (const each of changed) again.add(each);
  if (asking) return;
  asking = true;
  try {
    while (again.size) {
      const wanted = again;
      again = new Set();
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      exchange(page, wanted);
    }
  } catch {
    // The next change, or a reload, tries again.
  } finally {
    asking = false;
  }
}

function exchange(page, wanted) {
  let count = 0;
  for (const old of live()) {
    if (!wanted.has(old.dataset.live)) continue;
    const fresh = page.getElementById(old.id);
    if (!fresh || same(old, fresh) || isTypedIn(old)) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const unfolded = [...old.querySelectorAll("details")].map((each) => each.open);
    old.replaceWith(document.adoptNode(fresh));
    [...fresh.querySelectorAll("details")].forEach((each, place) => {
      if (unfolded[place]) each.open = true;
    });
    if (focused) find(fresh, focused)?.focus({ preventScroll: true });
    count += 1;
  }
  for (const old of document.querySelectorAll("[data-live-also][id]")) {
    const fresh = page.getElementById(old.id);
    if (fresh && !same(old, fresh)) old.replaceWith(document.adoptNode(fresh));
  }
  if (count) said.textContent = document.body.dataset.liveSaid;
}

// Keys of forms are new each time; they are no change.
function same(old, fresh) {
  const plain = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("input[name=key]").forEach((each) => each.remove());
    copy.querySelectorAll("details").forEach((each) => each.removeAttribute("open"));
    copy.removeAttribute("data-live-known");
    return copy.innerHTML;
  };
  return plain(old) === plain(fresh);
}

// What somebody is writing in stays until they are done.
function isTypedIn(element) {
  const active = document.activeElement;
  if (element.contains(active) && active.matches("input, textarea, select")) return true;
  return [...element.querySelectorAll("textarea")].some((each) => each.value !== each.defaultValue);
}

function find(element, focused) {
  if (focused.id) return element.querySelector(`#${CSS.escape(focused.id)}`);
  const href = focused.getAttribute("href");
  if (href) return element.querySelector(`a[href="${CSS.escape(href)}"]`);
  element.tabIndex = -1;
  return element;
}

// A page that nobody looks at listens to nothing; when it is looked at again, it catches up.
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", open);
open();
