// A door without a network: one cache a version, filled whole or not at all, and never mixed.
//
// install    every file of this version, and the page that names it; one that is missing or of another version fails it all
// activate   older versions' caches go; the page that is open is taken over only the first time, or when it says so and is alone
// claim      a page that began to load while this version was activating, or was loaded past the cache, asks to be taken over
// fetch      the page and its files out of the cache; everything else (the service) is not touched

const VERSION = "{{version}}";
const FILES = "{{files}}".split(" ");
const PAGE = "{{page}}";
const CACHE = `tamga-{{door}}-${VERSION}`;
/**
 * What a worker has, as far as this one needs it; tsc's own libraries know either pages or workers.
 * @typedef {{addEventListener: (type: string, heard: (event: any) => void) => void, skipWaiting: () => Promise<void>,
 *   clients: {claim: () => Promise<void>, matchAll: (asked: object) => Promise<{url: string}[]>}, location: Location}} Keeper
 */
const worker = /** @type {Keeper} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(takeOver());
  if (event.data === "claim") event.waitUntil(worker.clients.claim());
});
worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = origin === worker.location.origin && (pathname.startsWith("/w/") || pathname.startsWith(PAGE));
  if (event.request.method === "GET" && ours) event.respondWith(answer(event.request, pathname));
});

async function install() {
  const page = await fetch(PAGE, { cache: "reload" });
  if (!page.ok || !(await page.clone().text()).includes(`/w/${VERSION}/`)) throw new TypeError("the page is of another version");
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await cache.put(PAGE, page);
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("tamga-{{door}}-") && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

/** Where one window of this door says that nothing is under way in it; in another there may be. */
async function takeOver() {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.filter(({ url }) => new URL(url).pathname.startsWith(PAGE)).length < 2) await worker.skipWaiting();
}

/** @param {Request} request @param {string} pathname */
async function answer(request, pathname) {
  const cache = await caches.open(CACHE);
  const whole = await cache.match(request.mode === "navigate" ? PAGE : pathname);
  return whole ? part(request, whole) : fetch(request);
}

/** What a player of films asks for: some players take no whole file for a part. @param {Request} request @param {Response} whole */
async function part(request, whole) {
  const asked = /^bytes=([0-9]{1,12})-([0-9]{0,12})$/.exec(request.headers.get("range") ?? "");
  if (!asked) return whole;
  const data = await whole.blob();
  const [first, last] = [Number(asked[1]), Math.min(Number(asked[2] || Infinity), data.size - 1)];
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${data.size}` } });
  return new Response(data.slice(first, last + 1), {
    status: 206,
    headers: { "Content-Type": data.type, "Content-Range": `bytes ${first}-${last}/${data.size}` },
  });
}
