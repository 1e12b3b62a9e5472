// Where mail to the applicant goes, and in which language: one answer a person, asked within an application and from the list.

import { valueAt } from "../shared/application.js";
import { LANGUAGES, language, offered, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {import('./main.js').State} State @typedef {import('./questions.js').Question} Question
 * @typedef {{notify: {email: string, language: string} | null}} Person  of GET and PUT /v1/me, as far as it is asked here */

export const NOTICES = "notices";

/** @returns {Question} */
export const noticesQuestion = () => ({
  id: NOTICES,
  title: t("Where shall we write to you?"),
  about: t("A short e-mail when something happens: received, sent back, issued, used at a border, soon to end. One address for all your applications; you may change it at any time."),
  fields: [
    { path: "notify.email", look: "email", label: t("E-mail address"), hint: t("If you leave it empty, you get no e-mails: look at this page from time to time."), optional: true, most: 254 },
    { path: "notify.language", look: "choice", label: t("Language of the e-mails"), options: offered().map((value) => ({ value, text: LANGUAGES[value] })) },
  ],
});

/** What a question is answered in: the application, or what is said once a person. @param {State} state @param {Question} question */
export const answersTo = (state, question) => (question.id === NOTICES ? state.person : state.record);

/** As the form begins: in the page's language. @param {{notify?: Person['notify']}} told @returns {Person} */
export const asked = ({ notify }) => ({ notify: notify ?? { email: "", language: language() } });

/** As the service is told. @param {Person} person @returns {Person} */
export const chosen = (person) => (valueAt(person, "notify.email") ? person : { notify: null });

/** @param {State} state */
export const noticesSaid = (state) =>
  state.noted?.notify
    ? t("We write to {email} ({language}).", { email: state.noted.notify.email, language: LANGUAGES[/** @type {"ky"} */ (state.noted.notify.language)] })
    : t("You get no e-mails: no e-mail address is given.");

/** @param {State} state */
export const noticesSheet = (state) => html`<section class="sheet answered">
  <div class="head">
    <h2>${t("E-mails to you")}</h2>
    <a class="button small" href="#${NOTICES}">${t("Change")}<span class="unseen">: ${t("E-mails to you")}</span></a>
  </div>
  <p>${noticesSaid(state)}</p>
  ${state.noted?.notify ? html`<p class="soft">${t("After 50 e-mails on one day the next says that the rest is here.")}</p>` : nothing}
</section>`;
