// The identification aid on a page that has the service: its files, with the Appendices that the service tells. Each step stands
// behind # in the address, `#/identify/horn/0/argali-horn`: questions, which answer led to candidates, candidates looked at.

import { Unreachable, ask } from "./api.js";
import { asTold, below, table } from "./ident.js";

/**
 * @typedef {import('./ident.js').Table} Table @typedef {import('./ident.js').Ident} Ident
 */

export const AID = "#/identify";
const ALL = "all"; // who cannot tell is shown everything

/** @returns {Ident} */
export const nowhereYet = () => ({ table: null, path: [], said: [], found: null, looked: [] });

/** Where the address leads. Throws `Problem`, `Unreachable`. @returns {Promise<Ident>} */
export async function arrived() {
  const [aid, told] = await Promise.all([table().catch(unreachable), ask("/v1/identification")]);
  return placed(asTold(aid, told.body.candidates), steps());
}

/** @param {() => Ident} ident  where one is @returns {import('./ident-view.js').Actions} */
export const identSteps = (ident) => ({
  identAnswer(answer) {
    const { table: read, path } = ident();
    const place = read?.questions[path[path.length - 1]].answers.findIndex((each) => each === answer) ?? -1;
    go([...steps(), answer.to ?? (place < 0 ? ALL : String(place))]);
  },
  identLook: (id) => go([...steps(), id]),
  identBack: () => go(steps().slice(0, -1)),
});

const steps = () => location.hash.slice(AID.length).split("/").filter(Boolean);

/** @param {string[]} to */
const go = (to) => void (location.hash = [AID, ...to].join("/"));

/** @param {unknown} error @returns {never} */
function unreachable(error) {
  throw error instanceof TypeError ? new Unreachable(error.message) : error;
}

/** A step that is none of the aid's leads nowhere. @param {Table} from @param {string[]} taken @returns {Ident} */
function placed(from, taken) {
  /** @type {Ident} */
  const ident = { table: from, path: [from.first], said: [], found: null, looked: [] };
  for (const step of taken) {
    const asked = ident.path[ident.path.length - 1];
    const { answers } = from.questions[asked];
    const answer = answers.find(({ to }) => to === step) ?? answers[Number(step)];
    if (Object.hasOwn(from.candidates, step)) ident.looked.push(step);
    else if (Object.hasOwn(from.questions, step)) ident.path.push(step);
    else ident.found = step === ALL ? below(from, asked) : (answer?.found ?? null);
    if (answer && !Object.hasOwn(from.candidates, step)) ident.said.push(answer.say);
  }
  return ident;
}
