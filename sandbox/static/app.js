// The browser's part: sends gestures to the control API, and puts in what has changed without touching
// what somebody is typing. No framework: the page asks for itself again and compares element by element.

const person = document.body.dataset.person;
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

async function control(gesture, body) {
  const answer = await fetch(`/control/${gesture}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person, ...body }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

function notice(text) {
  const place = $("#notice");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => (place.hidden = true), 8000);
}

// ---- What a control holds ---------------------------------------------------------------------

const ticked = (control) => $$("input:checked", control).map((box) => box.value);

function valueOf(control) {
  const kind = control.dataset.kind;
  if (kind === "button") return control.dataset.value;
  if (kind === "checkboxes" || kind.startsWith("multi_")) return ticked(control);
  if (kind === "radio_buttons") return ticked(control)[0] ?? null;
  return control.value || null;
}

async function base64(file) {
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(file);
  });
  return { name: file.name, content_base64: url.slice(url.indexOf(",") + 1) };
}

async function valuesIn(root) {
  const values = {};
  for (const field of $$("[data-action-id]", root)) {
    if (["button", "overflow"].includes(field.dataset.kind)) continue;
    const value = field.type === "file" ? await Promise.all([...field.files].map(base64)) : valueOf(field);
    (values[field.dataset.blockId] ??= {})[field.dataset.actionId] = value;
  }
  return values;
}

// ---- Putting in what is new -------------------------------------------------------------------

const sources = new WeakMap(); // element → the HTML the server sent for it

function remember(element) {
  sources.set(element, element.outerHTML);
  return element;
}

const identity = (field) => `${field.closest("[data-action-id]")?.dataset.blockId}/${field.closest("[data-action-id]")?.dataset.actionId}/${/checkbox|radio/.test(field.type) ? field.value : ""}`;

function keepTyped(old, fresh) {
  const fields = new Map($$("input, textarea, select", fresh).map((field) => [identity(field), field]));
  for (const field of $$("input, textarea, select", old)) {
    const same = fields.get(identity(field));
    if (!same) continue;
    const focused = field === document.activeElement;
    if (field.type === "file") { same.replaceWith(field); continue; }
    if (/checkbox|radio/.test(field.type)) { if (field.checked !== field.defaultChecked) same.checked = field.checked; }
    else if (field.value !== (field.defaultValue ?? "") && (focused || field.dataset.quiet !== undefined)) same.value = field.value;
    if (focused) same.dataset.refocus = "";
  }
}

function patch(old, fresh) {
  if (!old || !fresh) return;
  const known = new Map([...old.children].map((child) => [child.dataset.key, child]));
  let at = old.firstElementChild;
  for (const child of [...fresh.children]) {
    let kept = known.get(child.dataset.key);
    known.delete(child.dataset.key);
    if (kept && sources.get(kept) === child.outerHTML) {
      if (kept === at) { at = at.nextElementSibling; continue; }
    } else {
      remember(child);
      if (kept) {
        keepTyped(kept, child);
        if (kept === at) at = at.nextElementSibling;
        kept.remove();
      }
      kept = child;
    }
    old.insertBefore(kept, at);
    const refocus = $("[data-refocus]", kept);
    if (refocus) { refocus.removeAttribute("data-refocus"); refocus.focus(); }
  }
  for (const gone of known.values()) gone.remove();
}

let asking = false, again = false;

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    do {
      again = false;
      const url = location.href;
      const answer = await fetch(url);
      if (answer.redirected) { location.assign(answer.url); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (url !== location.href) { again = true; continue; }
      const atEnd = new Map($$(".log").map((log) => [log.id, nearEnd(log)]));
      const side = $("#side"), freshSide = $("#side", page);
      if (side && side.dataset.key !== freshSide.dataset.key) {
        side.replaceWith(freshSide);
        rememberAll(freshSide);
        $("textarea", freshSide)?.focus();
      } else patch($("#thread-log"), $("#thread-log", page));
      for (const id of ["people", "rooms", "log", "home", "modals"]) patch($(`#${id}`), $(`#${id}`, page));
      for (const log of $$(".log")) if (atEnd.get(log.id) ?? true) log.scrollTop = log.scrollHeight;
      settle();
    } while (again);
  } catch { setTimeout(refresh, 2000); } finally { asking = false; }
}

const nearEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
const rememberAll = (root) => $$("#people, #rooms, #log, #thread-log, #home, #modals", root).forEach((region) => [...region.children].forEach(remember));

function settle() {
  $$(".multi").forEach(tokens);
  const modals = $$("#modals > dialog");
  for (const modal of modals) {
    const top = modal === modals.at(-1);
    if (!top && modal.open) modal.close();
    if (top && !modal.open) {
      modal.showModal();
      ($("[autofocus]", modal) ?? $(".body input, .body select, .body textarea, .body summary", modal))?.focus();
    }
  }
  unread();
}

// ---- Unread: the newest message this browser has shown, per person and conversation --------------

const readKey = (who, room) => `read:${who}:${room}`;

function unread() {
  const here = document.body.dataset;
  if (document.visibilityState === "visible" && here.tab === "messages") {
    const newest = $$("#log > .message").at(-1)?.dataset.ts;
    if (newest) localStorage.setItem(readKey(person, here.channel), newest);
  }
  let total = 0;
  for (const link of $$("[data-times]")) {
    const who = link.closest("#people") ? link.dataset.key : person;
    let count = 0;
    for (const room of link.dataset.times.split(" ").filter(Boolean)) {
      const [id, times] = room.split(":");
      const read = localStorage.getItem(readKey(who, id)) ?? "";
      count += times.split(",").filter((ts) => ts > read).length;
    }
    const mark = $(".unread", link);
    mark.hidden = !count;
    mark.textContent = count > 9 ? "9+" : count;
    mark.setAttribute("aria-label", `${count} olästa`);
    link.classList.toggle("is-unread", count > 0);
    if (link.dataset.room) total += count;
  }
  document.title = document.title.replace(/^(\(\d+\) )?/, total ? `(${total}) ` : "");
}

// ---- Presses ------------------------------------------------------------------------------------

function place(element) {
  const home = element.closest("[data-home]");
  if (home) return { home: true };
  const view = element.closest("dialog[data-view-id]");
  if (view) return { view_id: view.dataset.viewId };
  const message = element.closest("[data-ts]");
  return { channel: message.dataset.channel, ts: message.dataset.ts };
}

function confirmed(root) {
  const dialog = root && $("dialog.confirm", root);
  if (!dialog) return true;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "ok"), { once: true }));
}

async function press(element, chosen) {
  const root = element.closest(".message, .modal, [data-home]");
  const { actionId, blockId, value } = element.dataset;
  $$(".unanswered", element.parentElement).forEach((mark) => mark.remove());
  element.classList.add("waiting");
  try {
    const quiet = $$("[data-quiet]", root).length ? await valuesIn(root) : undefined;
    const told = await control("press", { ...place(element), action_id: actionId, block_id: blockId, values: quiet, ...(chosen === undefined ? { value } : { selected: chosen }) });
    if (!told.acked) unanswered(element, told.warning);
  } catch (error) { unanswered(element, error.message); }
  element.classList.remove("waiting");
  refresh();
}

function unanswered(element, why) {
  const mark = document.createElement("span");
  mark.className = "unanswered";
  mark.setAttribute("role", "alert");
  mark.textContent = "⚠ Appen svarade inte";
  mark.title = why ?? "";
  element.after(mark);
}

function tokens(multi) {
  const summary = $("summary", multi);
  const chosen = $$("input:checked", multi).map((box) => box.parentElement.textContent.trim());
  summary.textContent = chosen.join(", ") || summary.dataset.placeholder;
  summary.classList.toggle("empty", !chosen.length);
}

document.addEventListener("change", async (event) => {
  const field = event.target.closest("[data-action-id]");
  if (event.target.closest(".composer .tray")) return choose(event.target.closest(".composer"), event.target.files);
  if (!field || event.target.matches(".filter")) return;
  if (field.matches(".multi")) {
    const max = Number(field.dataset.max);
    if (max && ticked(field).length > max) event.target.checked = false;
    tokens(field);
  }
  if (field.dataset.quiet !== undefined || field.type === "file") return;
  if (await confirmed(field.closest(".control"))) press(field, valueOf(field));
  else refresh();
});

document.addEventListener("input", (event) => {
  if (event.target.matches(".filter")) {
    const sought = event.target.value.toLowerCase();
    for (const tick of $$(".tick", event.target.parentElement)) tick.hidden = !tick.textContent.toLowerCase().includes(sought);
  }
  if (event.target.matches(".composer textarea")) grow(event.target);
});

document.addEventListener("click", async (event) => {
  const target = event.target.closest("button, a, summary, [data-do]");
  for (const open of $$("details.overflow[open], details.shortcuts[open], details.switcher[open], details.multi[open]")) if (!open.contains(event.target)) open.open = false;
  if (!target) return;
  if (target.dataset.soft !== undefined) { event.preventDefault(); history.pushState(null, "", target.href); refresh(); return; }
  if (target.matches("[data-kind=button]")) { if (await confirmed(target.parentElement)) press(target); return; }
  if (target.matches(".overflow [role=menuitem]")) {
    const menu = target.closest(".overflow");
    menu.open = false;
    if (await confirmed(menu)) press(menu, target.dataset.value);
  }
  if (target.dataset.do === "close-view") closeView(target.closest("dialog"));
  if (target.dataset.do === "delete" && window.confirm("Ta bort meddelandet?")) control("delete", place(target)).then(refresh);
  if (target.dataset.do === "edit") edit(target);
  if (target.dataset.shortcut) { target.closest("details").open = false; gesture("shortcut", { callback_id: target.dataset.shortcut }); }
  if (target.dataset.command) {
    target.closest("details").open = false;
    const text = $("textarea", target.closest(".composer"));
    text.value = `${target.dataset.command} `;
    text.focus();
  }
  if (target.id === "drawer") drawer(!document.body.classList.contains("drawer-open"));
});

function drawer(open) {
  document.body.classList.toggle("drawer-open", open);
  $("#drawer").setAttribute("aria-expanded", open);
  if (open) $("#sidebar summary").focus();
}

async function gesture(name, body) {
  try {
    const told = await control(name, body);
    if (told.acked === false) notice(told.warning || "Appen svarade inte. Försök igen.");
    refresh();
    return told;
  } catch (error) { notice(error.message); }
}

// ---- Modals -------------------------------------------------------------------------------------

async function closeView(dialog) {
  await gesture("close", { view_id: dialog.dataset.viewId, values: await valuesIn(dialog) });
}

document.addEventListener("cancel", (event) => {
  if (event.target.matches("dialog.modal")) { event.preventDefault(); closeView(event.target); }
}, true);

document.addEventListener("submit", async (event) => {
  const dialog = event.target.closest("dialog.modal");
  if (event.target.matches(".composer")) { event.preventDefault(); send(event.target); }
  if (!dialog || event.target.method === "dialog") return;
  event.preventDefault();
  const submit = $("[type=submit]", dialog), trouble = $(".trouble", dialog);
  $$(".error", dialog).forEach((place) => (place.hidden = true));
  trouble.hidden = true;
  submit.classList.add("waiting");
  try {
    const told = await control("submit", { view_id: dialog.dataset.viewId, values: await valuesIn(dialog) });
    const errors = told.client_errors ?? told.errors ?? {};
    for (const [block, text] of Object.entries(errors)) fieldError(dialog, block, text);
    $(".error:not([hidden])", dialog)?.closest(".input").querySelector("input, select, textarea, summary")?.focus();
    if (!told.client_errors && told.acked === false) throw new Error(told.warning || "Vi fick ingen kontakt med appen. Försök igen.");
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
  submit.classList.remove("waiting");
  refresh();
});

function fieldError(dialog, block, text) {
  const place = $(`.input[data-block-id="${CSS.escape(block)}"] .error`, dialog) ?? $(".trouble", dialog);
  place.textContent = text;
  place.hidden = false;
}

// ---- Writing ------------------------------------------------------------------------------------

const waiting = new WeakMap(); // composer → files to send

function choose(composer, files) {
  waiting.set(composer, [...(waiting.get(composer) ?? []), ...files]);
  showChosen(composer);
}

function showChosen(composer) {
  const list = $(".chosen", composer), files = waiting.get(composer) ?? [];
  list.hidden = !files.length;
  list.replaceChildren(...files.map((file) => {
    const item = document.createElement("li"), remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button quiet";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `Ta bort ${file.name}`);
    remove.onclick = () => { waiting.set(composer, files.filter((one) => one !== file)); showChosen(composer); };
    item.append(file.name, remove);
    return item;
  }));
}

const grow = (text) => { text.style.height = "auto"; text.style.height = `${Math.min(text.scrollHeight, 240)}px`; };

async function send(composer) {
  const text = $("textarea", composer), files = waiting.get(composer) ?? [];
  const written = text.value.trim(), { channel, thread } = composer.dataset;
  if (!written && !files.length) return;
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(written);
  text.value = "";
  grow(text);
  waiting.delete(composer);
  showChosen(composer);
  const where = { channel, thread_ts: thread };
  const told = files.length
    ? await gesture("upload", { ...where, text: written, files: await Promise.all(files.map(base64)) })
    : command ? await gesture("command", { channel, command: command[1], text: command[2] })
      : await gesture("say", { ...where, text: written });
  if (!told) { text.value ||= written; if (files.length) choose(composer, files); }
}

function edit(button) {
  const message = button.closest(".message"), body = $(".blocks, .text", message);
  const field = document.createElement("textarea");
  field.className = "editing";
  field.setAttribute("aria-label", "Redigera meddelandet. Enter sparar, Esc ångrar.");
  field.value = new DOMParser().parseFromString(button.dataset.text, "text/html").documentElement.textContent;
  field.onkeydown = async (event) => {
    if (event.key === "Escape") field.replaceWith(body);
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    await gesture("edit", { ...place(field), text: field.value });
    if (field.isConnected) field.replaceWith(body);
  };
  body.replaceWith(field);
  field.focus();
}

document.addEventListener("keydown", (event) => {
  const text = event.target;
  if (text.matches(".composer textarea") && event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); text.form.requestSubmit(); }
  if (text.matches("input[data-action-id]:not([data-quiet])[type=text]") && event.key === "Enter") { event.preventDefault(); press(text, text.value); }
  if (event.key !== "Escape") return;
  const open = $("details.popup-open, details[open]:focus-within");
  if (open) { open.open = false; $("summary", open).focus(); event.stopPropagation(); event.preventDefault(); }
  else if (document.body.classList.contains("drawer-open")) { drawer(false); $("#drawer").focus(); }
}, true);

for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => {
  const files = event.dataTransfer?.files, area = event.target.closest("main, #side"), composer = area && $(".composer", area);
  if (!composer) return;
  event.preventDefault();
  if (kind === "drop" && files.length) choose(composer, files);
});

// ---- Start --------------------------------------------------------------------------------------

function listen() {
  const live = new EventSource(`/as/${person}/live`);
  live.addEventListener("changed", refresh);
  live.addEventListener("warning", (event) => notice(event.data));
  // A browser opens six connections per server: a window nobody looks at gives its own back.
  document.addEventListener("visibilitychange", () => { live.close(); if (document.visibilityState === "visible") listen(); }, { once: true });
}

if (person) {
  rememberAll(document);
  $$(".log").forEach((log) => (log.scrollTop = log.scrollHeight));
  settle();
  listen();
  addEventListener("popstate", refresh);
  if (document.body.dataset.tab === "home") control("home", {}).then(refresh, () => {});
  else $("main .composer textarea")?.focus({ preventScroll: true });
}
