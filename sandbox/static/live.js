// Puts in what has changed without touching what somebody is typing: the page asks for itself again and
// compares with what the server sent the last time, child by child, by data-key.

import { $, $$, person } from "./tools.js";
import { sayChosen } from "./controls.js";

const REGIONS = ["people", "rooms", "log", "thread-log", "home", "modals"];
const FIELDS = "input, textarea, select, button, summary, details";
const sources = new WeakMap(); // element → the HTML the server sent for it

const remember = (element) => sources.set(element, element.outerHTML);
const rememberAll = (root) => REGIONS.forEach((id) => [...($(`#${id}`, root)?.children ?? [])].forEach(remember));

function identity(field) {
  const owner = field.closest("[data-action-id]")?.dataset;
  return owner && [owner.blockId, owner.actionId, field.tagName, /checkbox|radio/.test(field.type) ? field.value : field.dataset.value].join("/");
}

// The same block_id and action_id is the same control, as in Slack: what is typed in it stays.
function keepTyped(old, fresh) {
  const fields = new Map($$(FIELDS, fresh).map((field) => [identity(field), field]));
  for (const field of $$(FIELDS, old)) {
    const same = identity(field) && fields.get(identity(field));
    if (!same) continue;
    if (field.open) same.open = true;
    if (field === document.activeElement) same.dataset.refocus = "";
    if (!field.closest("[data-quiet]") && field !== document.activeElement) continue;
    if (field.type === "file") same.replaceWith(field);
    else if (/checkbox|radio/.test(field.type)) same.checked = field.checked;
    else if ("defaultValue" in field ? field.value !== field.defaultValue : field.value) same.value = field.value;
  }
}

function isSame(kept, child) {
  return sources.get(kept) === child.outerHTML || (child.dataset.hash && child.dataset.hash === kept.dataset.hash);
}

function patch(old, fresh) {
  const known = new Map([...old.children].map((child) => [child.dataset.key, child]));
  let at = old.firstElementChild;
  for (const child of [...fresh.children]) {
    const kept = known.get(child.dataset.key);
    known.delete(child.dataset.key);
    if (kept && kept === at) at = at.nextElementSibling;
    if (kept && isSame(kept, child)) {
      if (kept.nextElementSibling !== at) old.insertBefore(kept, at);
      continue;
    }
    remember(child);
    if (kept) { keepTyped(kept, child); kept.replaceWith(child); } else old.insertBefore(child, at);
  }
  for (const gone of known.values()) gone.remove();
}

let asking = null, again = false;

// Asks the server for this page as it now is. One question at a time; a change meanwhile asks once more.
export function refresh() {
  again = true;
  asking ??= ask().catch(() => setTimeout(refresh, 2000)).finally(() => (asking = null));
  return asking;
}

async function ask() {
  while (again) {
    again = false;
    const url = location.href;
    const answer = await fetch(url);
    if (answer.redirected) return location.assign(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (url === location.href) putIn(page);
    else again = true;
  }
}

const nearEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

function putIn(page) {
  const atEnd = new Map($$(".log").map((log) => [log.id, nearEnd(log)]));
  const hadFocus = document.activeElement !== document.body;
  const side = $("#side"), fresh = $("#side", page);
  if (side.dataset.key !== fresh.dataset.key) {
    side.replaceWith(fresh);
    rememberAll(fresh);
    ($("textarea", fresh) ?? $("main textarea"))?.focus();
  }
  for (const id of REGIONS) {
    const old = $(`#${id}`), now = $(`#${id}`, page);
    if (old && now) patch(old, now);
  }
  for (const log of $$(".log")) if (atEnd.get(log.id) ?? true) log.scrollTop = log.scrollHeight;
  settle();
  if (hadFocus && document.activeElement === document.body) $("main .composer textarea")?.focus({ preventScroll: true });
}

// After every change: the top modal is open, focus is where it was, unread marks are right.
function settle() {
  sayChosen();
  const modals = $$("#modals > dialog");
  for (const modal of modals) {
    const top = modal === modals.at(-1);
    if (!top && modal.open) modal.close();
    if (!top || modal.open || modal.dataset.closing !== undefined) continue;
    modal.showModal();
    ($("[autofocus]", modal) ?? $(".body :is(input, select, textarea, summary, button)", modal) ?? $("footer .button", modal))?.focus();
  }
  const typed = $("[data-refocus]");
  if (typed) { delete typed.dataset.refocus; typed.focus(); }
  unread();
}

// Unread is kept by this browser: the newest message it has shown, per person and conversation.
const readKey = (who, room) => `read:${who}:${room}`;

function unreadIn(link, who) {
  return link.dataset.times.split(" ").filter(Boolean).reduce((sum, room) => {
    const [id, times] = room.split(":");
    const read = localStorage.getItem(readKey(who, id)) ?? "";
    return sum + times.split(",").filter((ts) => ts > read).length;
  }, 0);
}

function unread() {
  const here = document.body.dataset;
  const newest = $$("#log > .message").at(-1)?.dataset.ts;
  if (newest && document.visibilityState === "visible") localStorage.setItem(readKey(person, here.channel), newest);
  let total = 0;
  for (const link of $$("[data-times]")) {
    const inRooms = link.dataset.room !== undefined, mark = $(".unread", link);
    const count = unreadIn(link, inRooms ? person : link.dataset.key);
    mark.hidden = !count;
    mark.textContent = count > 9 ? "9+" : count;
    mark.setAttribute("aria-label", `${count} olästa`);
    link.classList.toggle("is-unread", count > 0);
    if (inRooms) total += count;
  }
  document.title = document.title.replace(/^(\(\d+\) )?/, total ? `(${total}) ` : "");
}

function listen() {
  const live = new EventSource(`/as/${person}/live`);
  live.addEventListener("changed", refresh);
  // A browser opens six connections to a server: a window nobody looks at gives its own back.
  document.addEventListener("visibilitychange", () => { live.close(); if (document.visibilityState === "visible") listen(); else waitForSight(); }, { once: true });
}

const waitForSight = () => document.addEventListener("visibilitychange", listen, { once: true });

export function start() {
  rememberAll(document);
  $$(".log").forEach((log) => (log.scrollTop = log.scrollHeight));
  settle();
  listen();
  addEventListener("popstate", refresh);
}
