/** Keeps the page's files after the first visit, so that it works without a network. */

/** Files of the page, with the version that their contents make; bin/site.js writes them. */
declare const zopfFiles: { readonly version: string; readonly paths: readonly string[] };

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

const name = `zopf-${zopfFiles.version}`;

async function install(): Promise<void> {
  const cache = await caches.open(name);
  await cache.addAll(zopfFiles.paths);
}

async function removeOlder(): Promise<void> {
  for (const one of await caches.keys())
    if (one.startsWith("zopf-") && one !== name) await caches.delete(one);
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
