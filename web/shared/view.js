// How a page is drawn: lit-html into the document itself (no shadow roots: one style sheet reaches everything).

import { html, nothing, render } from "../node_modules/lit-html/lit-html.js";
import { inOurWords } from "./own-words.js";

export { html, nothing };

/** @typedef {import('../node_modules/lit-html/lit-html.js').TemplateResult | typeof nothing | string | View[]} View */

/**
 * Draws `view()` into `root`, now and whenever the function that it returns is called; several calls make one drawing.
 * @param {HTMLElement} root @param {() => unknown} view
 */
export function mount(root, view) {
  let waits = false;
  inOurWords(root);
  const draw = () => {
    waits = false;
    render(view(), root);
  };
  draw();
  return () => {
    if (waits) return;
    waits = true;
    queueMicrotask(draw);
  };
}

/**
 * What there is of these one after the other; letters that run from right to left turn none of the others round.
 * @param {unknown[]} parts @param {string} [between]
 */
export const apart = (parts, between = ", ") =>
  parts.filter(Boolean).map((each, index) => html`${index ? between : nothing}<bdi>${each}</bdi>`);

/** An element that draws itself and has a life of its own: a camera, a dialog. Most views are plain functions. */
export class Living extends HTMLElement {
  #waits = false;

  connectedCallback() {
    this.changed();
  }

  /** Draws soon; for subclasses to call when something they show has changed. */
  changed() {
    if (this.#waits) return;
    this.#waits = true;
    queueMicrotask(() => {
      this.#waits = false;
      if (this.isConnected) render(this.view(), this);
    });
  }

  /** @returns {unknown} */
  view() {
    return nothing;
  }
}

/**
 * The element that a selector names within another; a page that lacks it is broken.
 * @param {string} selector @param {ParentNode} [within] @returns {HTMLElement}
 */
export function need(selector, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`no ${selector}`);
  return found;
}
