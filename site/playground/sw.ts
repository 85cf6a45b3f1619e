/** Keeps files after the first visit, those of the playground or of the documentation, so that they are there without a network. */

/** What is kept, with the version that its contents make; bin/site-playground.js writes it. */
declare const zopfFiles: {
  readonly name: string;
  readonly version: string;
  readonly paths: readonly string[];
};

/** What a service worker's events have; the library of pages has no types for them. */
interface LifeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const isLife = (event: Event): event is LifeEvent => "waitUntil" in event;
const isRequest = (event: Event): event is RequestEvent => "respondWith" in event;

const prefix = `zopf-${zopfFiles.name}-`;
const name = prefix + zopfFiles.version;
/** So many files are asked for at once: somebody is reading meanwhile. */
const atOnce = 16;

async function install(): Promise<void> {
  const cache = await caches.open(name);
  for (let at = 0; at < zopfFiles.paths.length; at += atOnce)
    await cache.addAll(zopfFiles.paths.slice(at, at + atOnce));
}

async function removeOlder(): Promise<void> {
  for (const one of await caches.keys()) if (one.startsWith(prefix) && one !== name) await caches.delete(one);
}

/** What is kept comes from here; a file's name changes with its contents, the page's own is asked for again. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(name);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept !== undefined) return kept;
  return fetch(request);
}

addEventListener("install", (event) => {
  if (isLife(event)) event.waitUntil(install());
});
addEventListener("activate", (event) => {
  if (isLife(event)) event.waitUntil(removeOlder());
});
addEventListener("fetch", (event) => {
  if (isRequest(event) && event.request.method === "GET" && event.request.url.startsWith(location.origin))
    event.respondWith(answer(event.request));
});
