// The folder in the browser: all of it is kept, and each request is answered as it should be with and without a network.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const SCRIPT = readFileSync(new URL("../../../app/components/site/service_worker.mjs", import.meta.url), "utf8");
const SCOPE = "https://host.test/school/faces/";

/** A browser's stores, and a service worker in it that has started. */
function browser(version, stores = new Map(), network = async (url) => `new ${url}`) {
  const heard = {};
  const addressOf = (request) => (typeof request === "string" ? request : request.url);
  const plain = (address) => address.split("?")[0];
  const caches = {
    open: async (name) => ({
      put: async (request, answer) => stores.get(name).set(request.url, answer.content),
      addAll: async (requests) => {
        stores.set(name, new Map());
        for (const request of requests) stores.get(name).set(addressOf(request), await network(addressOf(request)));
      },
    }),
    keys: async () => [...stores.keys()],
    delete: async (name) => stores.delete(name),
    match: async (request, { cacheName, ignoreSearch }) =>
      stores.get(cacheName)?.get(ignoreSearch ? plain(addressOf(request)) : addressOf(request)),
  };
  class Request {
    constructor(url, options) {
      Object.assign(this, { url: String(url), method: "GET", mode: "cors", ...options });
    }
  }
  const self = {
    FOLDER: { version, pages: ["./", "other.html"], files: ["./facespace/data/1/a.f32", "icon.svg"], later: ["./later.bin"] },
    registration: { scope: SCOPE },
    clients: { claim: async () => {} },
    skipWaiting: async () => {},
    addEventListener: (name, act) => (heard[name] = act),
  };
  vm.runInNewContext(SCRIPT, { self, caches, Request, URL, Promise, Response: { error: () => "error" }, fetch: (request) => network(request.url) });
  const wait = (name) => new Promise((resolve, reject) => heard[name]({ waitUntil: (done) => done.then(resolve, reject) }));
  return {
    stores,
    start: async () => {
      await wait("install");
      await wait("activate");
    },
    ask: (url, more = {}) => {
      let answer = "left alone";
      heard.fetch({ request: { url, method: "GET", mode: "cors", ...more }, respondWith: (given) => (answer = given) });
      return answer;
    },
  };
}

const gone = () => Promise.reject(new TypeError("no network"));

test("files come from the browser, the page from the host as long as that is there", async () => {
  const { start, ask, stores } = browser("one");
  await start();
  assert.deepEqual([...stores.values()].map((store) => [...store.keys()]), [
    [`${SCOPE}facespace/data/1/a.f32`, `${SCOPE}icon.svg`, SCOPE, `${SCOPE}other.html`],
  ]);
  const page = { mode: "navigate" };
  assert.equal(await ask(`${SCOPE}?face=20`, page), `new ${SCOPE}?face=20`);
  const later = browser("one", stores, gone);
  assert.equal(await later.ask(`${SCOPE}facespace/data/1/a.f32`), `new ${SCOPE}facespace/data/1/a.f32`);
  assert.equal(await later.ask(`${SCOPE}?face=20`, page), `new ${SCOPE}`);
  assert.equal(await later.ask(`${SCOPE}other.html?n=16`, page), `new ${SCOPE}other.html`);
  await assert.rejects(later.ask(`${SCOPE}facespace/data/2/b.f32`));
});

test("what comes on request is kept once it was asked for, and nothing else is", async () => {
  const answer = (url) => Object.assign(new String(`new ${url}`), { ok: true, content: `kept ${url}`, clone() { return this; } });
  const { start, ask, stores } = browser("one", new Map(), async (url) => answer(url));
  await start();
  for (const name of ["later.bin", "unknown.bin"]) assert.equal(String(await ask(SCOPE + name)), `new ${SCOPE}${name}`);
  const later = browser("one", stores, gone);
  assert.equal(await later.ask(`${SCOPE}later.bin`), `kept ${SCOPE}later.bin`);
  await assert.rejects(later.ask(`${SCOPE}unknown.bin`));
});

test("what is not the folder's own, or no reading, is left alone", async () => {
  const { ask } = browser("one");
  assert.equal(ask("https://host.test/school/other/icon.svg"), "left alone");
  assert.equal(ask(SCOPE, { method: "POST" }), "left alone");
});

test("a new version takes the place of the old one, and of nothing else of the host", async () => {
  const stores = new Map([["facespace https://host.test/other/ one", new Map()], ["theirs", new Map()]]);
  await browser("one", stores).start();
  await browser("two", stores).start();
  assert.deepEqual([...stores.keys()], ["facespace https://host.test/other/ one", "theirs", `facespace ${SCOPE} two`]);
});
