// The browser's part of the local Slack: every gesture of a person, by mouse, keyboard or touch.

import { $, $$, base64, control, notice, person } from "./tools.js";
import { changed, confirmed, place, press, typedDone, valuesIn } from "./controls.js";
import { refresh, start } from "./live.js";

async function gesture(name, body) {
  try {
    const told = await control(name, body);
    if (told.acked === false) notice(told.warning);
    refresh();
    return told;
  } catch (error) { notice(error.message); }
}

// ---- Modals -------------------------------------------------------------------------------------

// It goes away at once; what the app makes of it comes later.
function closeView(dialog) {
  if (dialog.dataset.closing !== undefined) return;
  dialog.dataset.closing = "";
  dialog.close();
  gesture("close", { view_id: dialog.dataset.viewId });
}

async function submit(dialog) {
  const button = $("[type=submit]", dialog), trouble = $(".trouble", dialog);
  $$(".error, .trouble", dialog).forEach((one) => (one.hidden = true));
  button.classList.add("waiting");
  try {
    const told = await control("submit", { view_id: dialog.dataset.viewId, values: await valuesIn(dialog, { files: true }) });
    for (const [block, text] of Object.entries(told.client_errors ?? told.errors ?? {})) showError(dialog, block, text);
    if (told.warning) throw new Error(told.warning);
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
  button.classList.remove("waiting");
  $(".error:not([hidden])", dialog)?.closest(".input").querySelector("input, select, textarea, summary").focus();
  refresh();
}

function showError(dialog, block, text) {
  const error = $(`.input[data-block-id="${CSS.escape(block)}"] .error`, dialog);
  error.textContent = text;
  error.hidden = false;
}

// ---- Writing ------------------------------------------------------------------------------------

const waiting = new WeakMap(); // composer → files to send

function choose(composer, files) {
  waiting.set(composer, [...(waiting.get(composer) ?? []), ...files]);
  showChosen(composer);
  $("textarea", composer).focus();
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

function grow(text) {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 240)}px`;
}

async function send(composer) {
  const text = $("textarea", composer), files = waiting.get(composer) ?? [];
  const written = text.value.trim(), { channel, thread } = composer.dataset;
  if (!written && !files.length) return;
  const command = !files.length && /^(\/\S+)\s*([\s\S]*)$/.exec(written);
  if (command && thread) return notice("Snedstreckskommandon kan inte användas i trådar.");
  if (command && !$(`[data-command="${CSS.escape(command[1])}"]`, composer)) return notice(`${command[1]} är inte ett giltigt kommando.`);
  text.value = "";
  grow(text);
  waiting.delete(composer);
  showChosen(composer);
  const told = command ? await gesture("command", { channel, command: command[1], text: command[2] })
    : files.length ? await gesture("upload", { channel, thread_ts: thread, text: written, files: await Promise.all(files.map(base64)) })
      : await gesture("say", { channel, thread_ts: thread, text: written });
  if (told) return;
  text.value ||= written; // refused: nothing that was written is lost
  choose(composer, files);
}

function edit(button) {
  const body = $(".content > :is(.blocks, .text)", button.closest(".message")), field = document.createElement("textarea");
  field.className = "editing";
  field.setAttribute("aria-label", "Redigera meddelandet. Enter sparar, Esc ångrar.");
  field.value = body.innerText;
  field.onkeydown = async (event) => {
    if (event.key === "Escape") field.replaceWith(body);
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    await gesture("edit", { ...place(field), text: field.value });
    field.replaceWith(body);
  };
  body.replaceWith(field);
  field.focus();
}

function drawer(open) {
  document.body.classList.toggle("drawer-open", open);
  $("#drawer").setAttribute("aria-expanded", open);
  (open ? $("#sidebar summary") : $("#drawer")).focus();
}

// ---- What is clicked, chosen, typed and dropped ---------------------------------------------------

const DO = {
  "close-view": (button) => closeView(button.closest("dialog")),
  delete: (button) => window.confirm("Ta bort meddelandet?") && gesture("delete", place(button)),
  edit,
  shortcut: (button) => gesture("shortcut", { callback_id: button.dataset.shortcut }),
  command(button) {
    const text = $("textarea", button.closest(".composer"));
    text.value = `${button.dataset.command} `;
    text.focus();
  },
  async overflow(button) {
    const menu = button.closest(".overflow");
    if (await confirmed(menu)) press(menu, button.dataset.value);
  },
};

document.addEventListener("click", async (event) => {
  const target = event.target.closest("button, a");
  const menus = ".overflow[open], .shortcuts[open], .switcher[open], .multi[open]";
  for (const open of $$(menus)) if (!open.contains(event.target) || target?.role === "menuitem") open.open = false;
  if (document.body.classList.contains("drawer-open") && !event.target.closest("#sidebar, #drawer")) drawer(false);
  if (!target) return;
  if (target.dataset.soft !== undefined) {
    event.preventDefault();
    history.pushState(null, "", target.href);
    refresh();
  } else if (target.dataset.kind === "button") {
    if (await confirmed(target.parentElement)) press(target);
  } else if (target.id === "drawer") drawer(target.getAttribute("aria-expanded") !== "true");
  else DO[target.dataset.do]?.(target);
});

document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-action-id]");
  if (event.target.matches(".tray input[type=file]")) {
    choose(event.target.form, event.target.files);
    event.target.value = "";
  } else if (field && !event.target.matches(".filter")) changed(field, event.target);
});

document.addEventListener("input", ({ target }) => {
  if (target.matches(".composer textarea")) grow(target);
  if (!target.matches(".filter")) return;
  const sought = target.value.toLowerCase();
  for (const tick of $$(".tick", target.parentElement)) tick.hidden = !tick.textContent.toLowerCase().includes(sought);
});

document.addEventListener("toggle", ({ target }) => {
  if (target.open) $(":scope > .popup", target)?.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  event.preventDefault();
  if (event.target.matches(".composer")) send(event.target);
  else submit(event.target.closest("dialog"));
});

// Esc closes the dialog; only the one on top is ever closed by a person.
document.addEventListener("close", ({ target }) => {
  if (target === $("#modals > dialog:last-child")) closeView(target);
}, true);

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key === "Enter" && !event.shiftKey && !event.isComposing) {
    if (target.matches(".composer textarea")) { event.preventDefault(); target.form.requestSubmit(); }
    if (target.matches("input[data-kind$=_input]:not([data-quiet])")) { event.preventDefault(); press(target, target.value); }
  }
  if (target.matches("[data-kind=datepicker]:not([data-quiet])")) {
    if (key === "Enter") { event.preventDefault(); typedDone(target); } else if (key !== "Tab") target.dataset.typed = "";
  }
  if (key !== "Escape") return;
  const open = target.closest("details[open]");
  if (open) { event.preventDefault(); open.open = false; $("summary", open).focus(); } else if (document.body.classList.contains("drawer-open")) drawer(false);
});

document.addEventListener("focusout", ({ target }) => typedDone(target));

for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => {
  const composer = event.target.closest("main, #side")?.querySelector(".composer");
  if (!composer) return;
  event.preventDefault();
  if (kind === "drop" && event.dataTransfer.files.length) choose(composer, event.dataTransfer.files);
});

if (person) {
  start();
  const { tab, channel } = document.body.dataset;
  if (channel.startsWith("D")) control("home", { tab }).catch(() => {});
  if (!$("dialog[open]") && matchMedia("(pointer: fine)").matches) $("main .composer textarea")?.focus({ preventScroll: true });
}
