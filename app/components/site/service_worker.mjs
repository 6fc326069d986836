// Keeps the folder's files in the browser: the second visit fetches the page alone, and a visit without a network nothing.
// The folder holds it as a classic script, with FOLDER before it; modules as service workers are too new for some.

/**
 * @typedef {{version: string, pages: string[], files: string[], later: string[]}} Folder what there is, relative to the page; what is
 *   kept only once it was asked for; and a hash of all of it
 */

/** @type {any} a service worker's own scope, which TypeScript's library for pages does not know */
const worker = self;
/** @type {Folder} */
const { version, pages, files, later } = worker.FOLDER;
const mine = `facespace ${worker.registration.scope} `; // a host may have several folders
const name = mine + version;

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(keepAll().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(begin()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const inside = request.method === "GET" && request.url.startsWith(worker.registration.scope);
  if (inside) event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});

/** What the page has fetched already comes out of the browser's own cache. */
async function keepAll() {
  const cache = await caches.open(name);
  const all = (/** @type {string[]} */ addresses, /** @type {RequestCache} */ how) =>
    addresses.map((address) => new Request(new URL(address, worker.registration.scope), { cache: how }));
  await cache.addAll([...all(files, "force-cache"), ...all(pages, "no-cache")]);
}

/** An earlier version goes, and the pages that are open are served from now on. */
async function begin() {
  const old = (await caches.keys()).filter((one) => one.startsWith(mine) && one !== name);
  await Promise.all(old.map((one) => caches.delete(one)));
  await worker.clients.claim();
}

/**
 * The page as the host has it now; without a network as it was.
 *
 * @param {Request} request
 */
async function page(request) {
  const kept = async () => (await caches.match(request, { ignoreSearch: true, cacheName: name })) ?? Response.error();
  return fetch(request).catch(kept);
}

/**
 * A file that the folder has; its address changes with its content.
 *
 * @param {Request} request
 */
async function file(request) {
  const kept = await caches.match(request, { cacheName: name });
  if (kept) return kept;
  const answer = await fetch(request);
  const wanted = later.some((address) => new URL(address, worker.registration.scope).href === request.url);
  if (answer.ok && wanted) await (await caches.open(name)).put(request, answer.clone());
  return answer;
}
