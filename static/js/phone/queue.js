// What waits on this phone until there is a line. The page and the service worker use it alike, so it is no module.
// Each thing has a key of its own, by which the server does it once however often it is sent.
(() => {
  const LINE = "/workflow/my-jobs/line/";
  const GONE = "This is not among your jobs any more; somebody else may have it. Ask the office.";
  const told = new BroadcastChannel("my-jobs");

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("my-jobs", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function within(mode, work) {
    const base = await open();
    try {
      return await new Promise((resolve, reject) => {
        const change = base.transaction("waiting", mode);
        const asked = work(change.objectStore("waiting"));
        change.oncomplete = () => resolve(asked.result);
        change.onabort = () => reject(change.error);
      });
    } finally {
      base.close();
    }
  }

  const all = () => within("readonly", (store) => store.getAll());
  const put = (entry) => within("readwrite", (store) => store.put(entry));
  const remove = (id) => within("readwrite", (store) => store.delete(id));
  const of = async (person) => (await all()).filter((entry) => entry.person === person);

  // Who is logged in, with a fresh token. Nobody, or a locked screen, is an answer too: null.
  async function line(byPerson) {
    const headers = { Accept: "application/json", ...(byPerson ? {} : { "X-Background": "1" }) };
    const answer = await fetch(LINE, { headers, redirect: "manual", cache: "no-store" });
    if (answer.ok) return answer.json();
    if (answer.type === "opaqueredirect" || answer.status < 500) return null;
    throw new Error("no line");
  }

  async function send(entry, csrf, byPerson) {
    const data = new FormData();
    for (const [name, value] of entry.fields) data.append(name, value);
    for (const [name, file, called] of entry.files) data.append(name, file, called);
    data.set("key", entry.key);
    data.set("made_at", entry.made_at);
    const headers = { Accept: "application/json", "X-CSRFToken": csrf, ...(byPerson ? {} : { "X-Background": "1" }) };
    return fetch(entry.url, { method: "POST", body: data, headers, redirect: "manual", cache: "no-store" });
  }

  // The server's no in words; "" where it did not say anything about the thing itself.
  async function no(answer) {
    if (answer.status === 404) return GONE;
    if (answer.status === 413) return "This is larger than what the server takes.";
    if (answer.status === 422 || answer.status === 400) return (await answer.json().catch(() => ({}))).said || "The server did not take this.";
    return "";
  }

  // Sends what waits for whoever is logged in, in its order. Says how it stands: sent, waiting (no line), out (log in
  // or unlock), and another where what waits is not theirs.
  async function drain(byPerson) {
    const waiting = (await all()).filter((entry) => !entry.refused);
    if (!waiting.length) return "sent";
    const who = await line(byPerson);
    if (!who) return "out";
    const theirs = waiting.filter((entry) => entry.person === who.person);
    for (const entry of theirs) {
      const answer = await send(entry, who.csrf, byPerson);
      const refused = answer.ok ? "" : await no(answer);
      if (answer.ok) await remove(entry.id);
      else if (refused) await put({ ...entry, refused });
      else if (answer.status >= 500) throw new Error("no line");
      else return "out";
      told.postMessage("changed");
    }
    return theirs.length ? "sent" : "another";
  }

  // One sender at a time, be it this page, another, or the worker.
  function drained(byPerson = false) {
    return navigator.locks.request("my-jobs-send", () => drain(byPerson).catch(() => "waiting"));
  }

  self.jobQueue = { of, put, remove, line, drained };
})();
