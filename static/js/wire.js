// The CSRF token stands once in the page, as htmx's header on <body>; what is not sent by htmx takes it from there.

export function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
}

export function renewCsrf(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
}

export function post(url, data) {
  if (!url) return Promise.resolve();
  const options = { method: "POST", headers: { "X-CSRFToken": csrf() }, body: new URLSearchParams(data), keepalive: true };
  return fetch(url, options).catch(() => undefined);
}

export const on = (type, selector, handler, options) =>
  document.addEventListener(type, (event) => {
    const hit = event.target instanceof Element && event.target.closest(selector);
    if (hit) handler(event, hit);
  }, options);
