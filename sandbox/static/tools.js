// Small things that every part of the page needs.

export const person = document.body.dataset.person;
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// One gesture to the control API, as the person of this page. Throws what it refuses with.
export async function control(gesture, body) {
  const answer = await fetch(`/control/${gesture}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ person, ...body }),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`Det gick inte (${told.error}).`);
  return told;
}

export function notice(text) {
  const place = $("#notice");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => (place.hidden = true), 8000);
}

export async function base64(file) {
  const url = await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(new Error(`${file.name} gick inte att läsa.`));
    reader.readAsDataURL(file);
  });
  return { name: file.name, content_base64: url.slice(url.indexOf(",") + 1) };
}
