// What a browser says beside a field that it does not let pass: in the reader's language, not in the browser's.

import { language, t } from "./i18n.js";

/** What the service says in English of a fault that has no words here. @param {{detail?: string}} fault */
export const unsaid = ({ detail }) => (language() === "en" && detail) || t("Something here is not right: ask the ministry.");

/** @param {Event} event @returns {(HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[]} its field, then the others of its form */
function fieldsAt({ target }) {
  const field = /** @type {any} */ (target);
  return [field, ...(field.form?.elements ?? [])].filter((each) => each.setCustomValidity);
}

/** @param {HTMLElement} root */
export function inOurWords(root) {
  root.addEventListener("invalid", (event) => {
      const [field] = fieldsAt(event);
      field?.setCustomValidity("");
      field?.setCustomValidity(whyNot(field.validity, field.type));
    }, true); // it does not bubble
  root.addEventListener("input", (event) => fieldsAt(event).forEach((each) => each.setCustomValidity("")));
}

/** @param {ValidityState} validity @param {string} type */
function whyNot({ valid, valueMissing, badInput }, type) {
  if (valid) return "";
  if (badInput && type.startsWith("date")) return t("There is no such day.");
  if (valueMissing) return t("This is needed.");
  return t("This is not in the form that is asked for.");
}
