// A scanner that types: a burst of characters, faster than any hand, that ends with Enter. It is read wherever the focus is,
// except in a field, where it types what it reads. Whatever it reads presses no button: a stranger made the code.

const FASTEST = 60; // ms between two keys of a hand
const SHORTEST = 24; // characters
const SILENCE = 500; // ms that a scanner may pause in a code, by radio or on a busy device: no hand typed that much before
const PRESSING = ["Enter", " "]; // on the button that has the focus

/** @param {(text: string) => void} found @returns {() => void} stops listening */
export function listen(found) {
  let text = "";
  let last = 0;
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const typed = event.timeStamp - last <= (text.length >= SHORTEST ? SILENCE : FASTEST);
    const field = event.target instanceof Element && event.target.closest("input, textarea, select");
    last = event.timeStamp;
    if (!typed || field) text = "";
    if (field) return;
    const whole = event.key === "Enter" && text.length >= SHORTEST;
    if (whole || (typed && !event.repeat && PRESSING.includes(event.key))) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (whole) {
      found(text);
      text = "";
    } else if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) text += event.key;
  };
  addEventListener("keydown", pressed, true);
  return () => removeEventListener("keydown", pressed, true);
}
