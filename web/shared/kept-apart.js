// What a lost device sent, as the register keeps it: by what the device says, with who brought it; nothing of it counts.

import { moment, named, t } from "./i18n.js";
import { moved } from "./quantity.js";
import { apart, html, nothing } from "./view.js";

/**
 * One event as `GET /v1/devices/{id}/kept` tells it.
 * @typedef {{event_id: string, kind: string, at: string | null, post: string, officer: string,
 *   brought_by: string, received_at: string, number: string, lines: {line: string, quantity: string}[],
 *   transport_document: string}} Apart
 */

/** @param {readonly Apart[]} items @param {string} zone */
export const keptApart = (items, zone) => html`<p>${t("It counts for nothing. Compare with block 14 of the paper and the post's book; what is right is entered as a late paper endorsement.")}</p>
  <ul class="rows">
    ${items.map((each) => html`<li>
      <p><b>${kindWord(each.kind)}</b>${each.number ? html` · <span class="mono">${each.number}</span>` : nothing}${each.at ? ` · ${when(each.at, zone)}` : nothing}${each.post ? ` · ${named("posts", each.post)}` : nothing}</p>
      ${each.lines.length ? html`<p class="mono">${apart([moved(each.lines), each.transport_document], " · ")}</p>` : nothing}
      <p class="soft">${t("In the name of {name}; brought by {by}, {when}", { name: each.officer, by: each.brought_by, when: when(each.received_at, zone) })}</p>
    </li>`)}
  </ul>`;

/** @param {string} kind */
function kindWord(kind) {
  switch (kind) {
    case "scan":
      return t("Scan of a code");
    case "endorsement":
      return t("Endorsement");
    case "expert_question":
      return t("Question to an expert");
    case "undo":
      return t("Withdrawal of an endorsement");
    default:
      return t("Permit of another country");
  }
}

/** @param {string} at @param {string} zone */
const when = (at, zone) => moment(Date.parse(at) / 1000, zone);
