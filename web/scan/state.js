// What the scanner knows and shows; main.js holds the one, the views read it.

import { both } from "../shared/both.js";
import { UNKNOWN } from "./goods.js";

/**
 * @typedef {import('./judge.js').Direction} Direction
 * @typedef {import('./shift.js').Shift} Shift
 * @typedef {'sign_in' | 'set_up' | 'pin' | 'locked' | 'find' | 'verdict' | 'endorse' | 'receipt' | 'record' | 'recorded' | 'alerts' | 'list' | 'shift' | 'ident' | 'species' | 'which'} Screen
 *
 * What is being looked at. `answer`: the register's verdict, `null` while it has not answered; `asking`: it is asked now.
 * @typedef {object} Subject
 * @property {string} text
 * @property {{number: string, code?: string} | null} typed  from the page; no `code`: a paper from before Tamga
 * @property {string[]} pages
 * @property {Entry[]} consignment  for which it is looked at; it may have ended when an answer comes
 * @property {Direction} direction
 * @property {boolean | null} sameGoods
 * @property {string} eventId
 * @property {number} at  when it was asked about, in seconds
 * @property {import('./judge.js').Found | null} found  null: a number or a PDF, which only the register can judge
 * @property {import('../shared/show.js').Verdict | null} answer
 * @property {boolean} asking
 * @property {string} reference
 * @property {string} trouble  why there is neither
 * @property {import('./goods.js').Goods} goods  as they were known when it came: what is learnt later moves nothing on the screen
 *
 * One permit of the consignment in hand, or one code that gave none.
 * @typedef {{code: string, issuer: string, number: string, outcome: import('../shared/show.js').Verdict['outcome'], endorsed: boolean}} Entry
 *
 * What became of the endorsement. `importPermit`: our import permit that it names, if the register has shown it.
 * @typedef {import('./endorse.js').Done & {importPermit?: import('../shared/permit-lines.js').ImportPermit | null}} ReceiptShown
 *
 * @typedef {import('../shared/ident.js').Ident} Ident
 *
 * @typedef {object} State
 * @property {import('../shared/frame.js').Stage} stage
 * @property {import('./practice.js').Practice | null} practice  inside a real installation; null: this is real, or a practice register's own
 * @property {Screen} screen
 * @property {Omit<import('./device.js').Device, 'key'> | null} device
 * @property {Pick<Shift, 'officer' | 'since' | 'until'> | null} shift
 * @property {import('./shift.js').Officer | null} officer  who has just signed in, before there is a shift
 * @property {import('./lists.js').Known} known
 * @property {import('./store.js').Kept[]} done  everything done on this device that it still keeps
 * @property {{device: string, waiting: number} | null} lost
 * @property {boolean} persisted
 * @property {import('./queue.js').Flushed | 'never' | 'sending'} sending
 * @property {boolean} open  the camera was opened
 * @property {boolean} addingPage
 * @property {Direction} direction
 * @property {boolean} goodsPresent
 * @property {boolean} aloud
 * @property {Subject | null} subject
 * @property {import('./endorse.js').Form | null} form  of the subject, while it is filled in
 * @property {import('./endorse.js').Fault[]} faults
 * @property {ReceiptShown | null} receipt  of the subject that is endorsed
 * @property {import('./store.js').Photo[]} photos
 * @property {import('../shared/alert-words.js').Alert[]} alerts  that wait for an answer, of this post
 * @property {import('./record.js').Record_ | null} record  a paper or case that is on the screen
 * @property {import('./record.js').Record_[]} unfinished  those that were begun, and neither written down nor left
 * @property {Entry[]} consignment
 * @property {string} transport  of this consignment
 * @property {Ident} ident  the identification aid
 * @property {{aid: import('../shared/ident.js').Table, id: string} | null} sought  a candidate of the aid, with which permits are compared
 * @property {import('./goods.js').Goods} goods  what goods are called and look like
 * @property {{dates: import('../shared/listed.js').Dated | null, text: string, found: import('../shared/taxa.js').Taxon[], shown: import('../shared/taxa.js').Taxon | null,
 *   issued: {day: string, taxon: import('../shared/taxa.js').Taxon} | null, service: 'not_asked' | 'answered' | 'silent',
 *   quotas: readonly import('../core/quotas.js').Quota[] | null}} species  the list; `dates` and `quotas`: null where this device has none; `issued`: the entry on
 *   the day of issue of the permit in hand, where that has another Appendix; `service`: about the text
 * @property {import('./which-actions.js').WhichState} which
 * @property {string} wrong  a refusal on the screen that is shown
 * @property {string} photoWrong  why the photograph that was chosen last was not taken
 * @property {import('./devices-view.js').Told[] | null} devices  of this post, as the register told; null: it did not
 * @property {string} losing  the device of which "lost?" is asked
 * @property {{device: string, items: import('../shared/kept-apart.js').Apart[]} | null} apart  what a lost device sent, as the register keeps it
 * @property {string} unpractised  why practice did not begin
 * @property {boolean} busy
 * @property {boolean} renewed  a newer version waits for the next start
 */

/** @returns {Ident} */
export const unasked = () => ({ table: null, path: [], said: [], found: null, looked: [] });

/**
 * @param {import('../shared/frame.js').Stage} stage @param {import('./lists.js').Known} known
 * @param {import('./practice.js').Practice | null} practice @returns {State}
 */
export const begun = (stage, known, practice) => ({
  stage,
  practice,
  screen: practice ? "find" : "sign_in",
  device: null,
  shift: null,
  officer: null,
  known,
  done: [],
  lost: null,
  persisted: false,
  sending: "never",
  open: false,
  addingPage: false,
  direction: "export",
  goodsPresent: true,
  aloud: true,
  subject: null,
  form: null,
  faults: [],
  receipt: null,
  photos: [],
  record: null,
  unfinished: [],
  alerts: [],
  consignment: [],
  transport: "",
  ident: unasked(),
  sought: null,
  goods: UNKNOWN,
  species: { dates: null, text: "", found: [], shown: null, issued: null, service: "not_asked", quotas: null },
  which: { find: null, table: null, quotas: null, list: null, begin: null },
  wrong: "",
  photoWrong: "",
  devices: null,
  losing: "",
  apart: null,
  unpractised: "",
  busy: false,
  renewed: false,
});

/** What an officer has in hand, put down: another's shift begins with nothing. */
export const emptyHanded = () => ({ ...putDown(), record: null, unfinished: [], consignment: [], transport: "", sought: null });

/** The permit in hand, put down for the next: with it goes what was being endorsed on it. */
export const putDown = () => ({ subject: null, form: null, receipt: null });

/** The register's verdict where it answered, unless this device knows better (`both`). @param {Subject} subject */
export const currentVerdict = ({ found, answer }) => both(found?.shown ?? null, answer, found?.ahead);

/** Who stands at the post now. @param {State} state @returns {import('./shift.js').Officer} */
export function officerOf({ shift, officer }) {
  const found = shift?.officer ?? officer;
  if (!found) throw new Error("nobody is signed in");
  return found;
}

/** Whether this officer's body endorses at this post. @param {State} state */
export function mayEndorse({ known, device, shift }) {
  const bodies = known.told.find((each) => each.id === device?.post)?.bodies ?? [];
  return Boolean(shift?.officer.roles.some((role) => bodies.includes(role)));
}
