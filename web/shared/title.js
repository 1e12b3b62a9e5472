// Where one has arrived.

/** A place is read from its title on. */
export async function toTitle() {
  await Promise.resolve(); // drawn
  document.querySelector("h1")?.focus({ preventScroll: true });
}
