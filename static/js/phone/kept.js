// The pages that stay on the phone: of one person, each until its day is over. For page and service worker alike.
(() => {
  const NAME = "my-jobs-";
  const STATIC = "my-jobs-static";

  const today = () => {
    const now = new Date();
    return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  };
  const isOver = (answer) => (answer.headers.get("X-Keep-Until") || "") < today();

  // Keeps a page the server lets stay, and forgets what other people left; one that may not stay goes.
  async function keep(url, answer) {
    const person = answer.headers.get("X-Keep-For");
    if (!answer.ok || !person || answer.redirected) return forgetPage(url, answer);
    await forgetOthers(person);
    return (await caches.open(NAME + person)).put(url, answer);
  }

  async function forgetPage(url, answer) {
    if (answer.status === 404 || answer.ok) await Promise.all((await names()).map(async (name) => (await caches.open(name)).delete(url)));
  }

  const names = async () => (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== STATIC);

  async function forgetOthers(person) {
    for (const name of await names()) if (name !== NAME + person) await caches.delete(name);
  }

  const keepStatic = async (url, answer) => (await caches.open(STATIC)).put(url, answer);

  async function find(url) {
    for (const name of await names()) {
      const kept = await (await caches.open(name)).match(url, { ignoreVary: true });
      if (kept && !isOver(kept)) return kept;
    }
    return (await caches.open(STATIC)).match(url, { ignoreVary: true });
  }

  // Takes away what is over, and what is none of these addresses.
  async function tidy(addresses) {
    for (const name of await names()) {
      const cache = await caches.open(name);
      for (const asked of await cache.keys()) {
        const kept = await cache.match(asked, { ignoreVary: true });
        if (isOver(kept) || (addresses && !addresses.includes(asked.url))) await cache.delete(asked);
      }
    }
  }

  self.jobPages = { find, keep, keepStatic, tidy };
})();
