// What a control in a message, a modal or App Home holds, and pressing it.

import { $, $$, base64, control, notice } from "./tools.js";
import { refresh } from "./live.js";

const ticked = (field) => $$("input:checked", field).map((box) => box.value);

export function valueOf(field) {
  const { kind } = field.dataset;
  if (kind === "checkboxes" || kind.startsWith("multi_")) return ticked(field);
  if (kind === "radio_buttons") return ticked(field)[0] ?? null;
  if (kind === "datetimepicker") return field.value ? Math.floor(new Date(field.value) / 1000) : null;
  return field.value || null;
}

// Every input under `root`: block_id → action_id → value. Files are read only for a submit.
export async function valuesIn(root, { files = false } = {}) {
  const values = {};
  for (const field of $$("[data-action-id]", root)) {
    const { kind, blockId, actionId } = field.dataset;
    if (["button", "overflow"].includes(kind) || (kind === "file_input" && !files)) continue;
    const value = kind === "file_input" ? await Promise.all([...field.files].map(base64)) : valueOf(field);
    (values[blockId] ??= {})[actionId] = value;
  }
  return values;
}

// Where an element stands, as the control API names it.
export function place(element) {
  if (element.closest("[data-home]")) return { home: true };
  const view = element.closest("dialog[data-view-id]");
  if (view) return { view_id: view.dataset.viewId };
  const { channel, ts } = element.closest("[data-ts]").dataset;
  return { channel, ts };
}

// Ask first, where the app has said so. A dialog stands beside its control.
export function confirmed(root) {
  const dialog = $("dialog.confirm", root);
  if (!dialog) return true;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "ok"), { once: true }));
}

export async function press(element, chosen) {
  const root = element.closest(".message, .modal, [data-home]");
  const { actionId, blockId, value } = element.dataset;
  const body = { ...place(element), action_id: actionId, block_id: blockId };
  if (chosen === undefined) body.value = value;
  else body.selected = chosen ?? "";
  if ($("[data-quiet]", root)) body.values = await valuesIn(root);
  $$(".unanswered", root).forEach((mark) => mark.remove());
  element.classList.add("waiting");
  let trouble = null;
  try {
    const told = await control("press", body);
    if (!told.acked) trouble = told.warning;
  } catch (error) { trouble = error.message; }
  element.classList.remove("waiting");
  await refresh();
  if (trouble) unanswered(element.isConnected ? element : again(element), trouble);
}

// The message may have been drawn anew while the app was waited for.
const again = (element) => {
  const { actionId, blockId, value } = element.dataset;
  const same = `[data-block-id="${CSS.escape(blockId)}"][data-action-id="${CSS.escape(actionId)}"]`;
  return $(value ? `${same}[data-value="${CSS.escape(value)}"]` : same);
};

function unanswered(element, why) {
  if (!element) return notice(why);
  const mark = document.createElement("span");
  mark.className = "unanswered";
  mark.setAttribute("role", "alert");
  mark.textContent = `⚠ ${why}`;
  element.after(mark);
}

// A date is also said in words: browsers write it in their own language's order.
function sayDate(field) {
  const date = new Date(field.value);
  const form = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  $(".worded", field.parentElement).textContent = field.value ? date.toLocaleDateString("sv-SE", form) : "";
}

export function sayChosen() {
  $$("[data-kind=datepicker]").forEach(sayDate);
  $$(".multi").forEach(showTokens);
}

// What is chosen in a multi-select stands in its closed form.
function showTokens(multi) {
  const summary = $("summary", multi);
  const chosen = $$("input:checked", multi).map((box) => box.parentElement.textContent.trim());
  summary.textContent = chosen.join(", ") || summary.dataset.placeholder;
  summary.classList.toggle("blank", !chosen.length);
}

export async function changed(field, input) {
  if (field.matches(".multi")) {
    const max = Number(field.dataset.max);
    if (max && ticked(field).length > max) { input.checked = false; notice(`Högst ${max} val.`); }
  }
  sayChosen();
  if (field.dataset.quiet !== undefined || field.type === "file") return;
  if (field.dataset.kind.endsWith("_input")) return; // sent by Enter
  if (field.dataset.typed !== undefined) return; // a date that is being typed is half a date: sent by Enter, or when left
  if (await confirmed(field.closest(".control"))) await press(field, valueOf(field));
}

export function typedDone(field) {
  if (field.dataset.typed === undefined) return;
  delete field.dataset.typed;
  if (field.value && field.value !== field.defaultValue) changed(field, field);
}
