// Who is signed in, as every door shows it: name and roles with the way out, or the way in.

import { t } from "./i18n.js";
import { askAs } from "./session.js";
import { signIn, signOut } from "./sign-in.js";
import { html } from "./view.js";

/** @typedef {import('./frame.js').Stage} Stage */
/** @typedef {{id: string, name: string, roles: string[], posts: string[], steps: string[], deputy_for?: string}} Person  the API's; the post "*" is every post */

/** Throws `SignedOut`, `Problem`, `Unreachable`. @returns {Promise<Person>} */
export const whoAmI = async () => (await askAs("/v1/me")).body;

/** Whether their roles may do this, as the service says; of whom and when, it decides itself. @param {Person | null} person @param {string} step a name of chalicelib/kernel/roles.py */
export const may = (person, step) => person?.steps.includes(step) ?? false;

/** @param {Stage} stage @param {Person} person @param {() => void} [before] what goes with the person */
export const personStrip = (stage, person, before = () => {}) => html`<div class="person unprinted">
  <p><b>${person.name}</b> <span class="soft">${duties(person)}</span></p>
  <button
    type="button"
    class="plain"
    @click=${() => {
      before();
      signOut(stage);
    }}
  >
    ${t("Sign out")}
  </button>
</div>`;

/** What they do; a role that was lent bears the name of whose it is. @param {Person} person */
const duties = ({ roles, deputy_for: lender }) => [
  ...roles.filter((role) => !lender || role !== "approver").map(roleWord),
  ...(lender ? [t("approves in place of {name}", { name: lender })] : []),
].join(", ");

/** @param {Stage} stage @param {string} [why] */
export const signInView = (stage, why = "") => html`<section class="sheet rows">
  <h1 tabindex="-1">${t("Sign in")}</h1>
  ${why ? html`<p role="alert"><b>${why}</b></p>` : ""}
  <p>${t("The sign-in page of the ministry asks for your name, your password and your second factor.")}</p>
  <div><button type="button" class="main" @click=${() => void signIn(stage)}>${t("Go to the sign-in page")}</button></div>
</section>`;

/** @param {string} role */
export function roleWord(role) {
  const words = {
    applicant: t("applicant"),
    preparer: t("prepares permits"),
    scientist: t("Scientific Authority"),
    approver: t("approves permits"),
    border: t("border guard"),
    inspector: t("inspector"),
    customs: t("customs"),
    enforcement: t("enforcement"),
    auditor: t("auditor"),
    admin: t("administrator"),
  };
  return words[/** @type {keyof typeof words} */ (role)] ?? role;
}
