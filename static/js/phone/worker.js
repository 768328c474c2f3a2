// Keeps a technician's pages of today and tomorrow at hand where there is no signal, and sends what waits once there
// is. It sees the pages below its own path only; what may be kept, for whom and until when the server says in headers.
importScripts("/static/js/phone/queue.js", "/static/js/phone/kept.js");

const PATIENCE = 5000;
const { find, keep, keepStatic } = self.jobPages;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("sync", (event) => {
  if (event.tag === "my-jobs") event.waitUntil(sendOrTryLater());
});

async function sendOrTryLater() {
  if ((await self.jobQueue.drained()) === "waiting") throw new Error("no line");
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

const inTime = (work, patience) =>
  Promise.race([work, new Promise((resolve, reject) => setTimeout(() => reject(new Error("too slow")), patience))]);

async function page(request) {
  const kept = await find(request.url);
  try {
    const answer = await (kept ? inTime(fetch(request), PATIENCE) : fetch(request));
    if (kept && answer.status >= 500) return kept;
    await keep(request.url, answer.clone());
    return answer;
  } catch {
    return kept || lost();
  }
}

async function file(request) {
  const kept = await find(request.url);
  try {
    const answer = await (kept ? inTime(fetch(request), PATIENCE) : fetch(request));
    if (answer.ok) await keepStatic(request.url, answer.clone());
    return answer;
  } catch {
    return kept || Response.error();
  }
}

function lost() {
  const text = `<!doctype html><html lang="en-ZA"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>No signal</title><h1>No signal</h1><p>This page is not on the phone. <a href="/workflow/my-jobs/">My jobs</a></p></html>`;
  return new Response(text, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
