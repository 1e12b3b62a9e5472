// A door's service worker (web/worker.js): installs this very version, and lets a newer one in where no work is lost.

const LOOK_EVERY = 60 * 60_000; // ms

/**
 * A newer version waits, whole, until the door is opened anew or nothing is under way (`idle`): no page of two versions.
 * @param {'/scan/' | '/training/'} door @param {() => boolean} idle
 */
export async function keepFresh(door, idle) {
  if (!navigator.serviceWorker) return;
  const replaced = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (replaced) location.reload(); // the first worker takes over the page that installed it
  });
  const registration = await navigator.serviceWorker.register(trusted(`${door}sw.js`), { scope: door, updateViaCache: "none" });
  const letIn = () => {
    if (idle()) registration.waiting?.postMessage("take over");
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", letIn);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look(registration);
    letIn();
  });
  setInterval(() => look(registration), LOOK_EVERY);
  letIn();
  const { active } = await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) active?.postMessage("claim"); // else what the page asks for later needs a network
}

/** The policy of the page lets no string become a script's address; this one is a constant. @param {string} worker */
function trusted(worker) {
  const policy = window.trustedTypes?.createPolicy("tamga", { createScriptURL: (/** @type {string} */ _asked) => worker });
  return /** @type {string} */ (/** @type {unknown} */ (policy?.createScriptURL("") ?? worker));
}

/** @param {ServiceWorkerRegistration} registration */
const look = (registration) => void registration.update().catch(() => {}); // offline: the next time
