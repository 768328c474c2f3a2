// At the log-in page nobody is logged in: what a technician's pages left on this device goes.
const forget = (names) => names.filter((name) => name.startsWith("my-jobs-")).map((name) => caches.delete(name));

if (document.querySelector("[data-forget]") && "caches" in window) caches.keys().then((names) => Promise.all(forget(names)));
