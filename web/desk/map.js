// Kyrgyzstan drawn for the project, with the posts at which something was found. A picture of the table beside it: no
// tiles, nothing from elsewhere, border and lake as rough as the scale.

import { svg } from "../node_modules/lit-html/lit-html.js";
import { named, t } from "../shared/i18n.js";
import { html, nothing } from "../shared/view.js";

/** @typedef {{post: string, found: number, latitude: number | null, longitude: number | null}} Place */

const WEST = 68.9;
const NORTH = 43.6;
const SCALE = 80; // units a degree of latitude
const NARROW = Math.cos((41.5 * Math.PI) / 180); // of a degree of longitude there

/** @param {number} longitude @param {number} latitude */
const at = (longitude, latitude) => [(longitude - WEST) * SCALE * NARROW, (NORTH - latitude) * SCALE].map((each) => Math.round(each * 10) / 10);

/** @param {number[][]} line longitude, latitude */
const path = (line) => line.map(([x, y]) => at(x, y).join(" ")).join(" L");

const BORDER = [
  [71, 42.3], [70.8, 42.6], [71.2, 42.8], [71.9, 42.8], [73.4, 42.4], [73.5, 43], [74.2, 43.3], [74.7, 43.05], [75.6, 42.8], [76, 42.95],
  [77.1, 42.95], [78.5, 42.9], [79.2, 42.8], [79.5, 42.5], [80.2, 42.2], [80.2, 42.05], [79.1, 41.7], [78.4, 41.4], [78.1, 41.1], [76.9, 41],
  [76.4, 40.4], [75.7, 40.3], [75.4, 40.5], [74.8, 40.4], [74.2, 40.1], [73.9, 39.8], [73.8, 39.5], [73.3, 39.4], [72.3, 39.35], [71.7, 39.3],
  [71.1, 39.4], [70.5, 39.6], [69.6, 39.55], [69.3, 39.7], [69.6, 40.1], [70.6, 39.95], [70.9, 40.2], [71.7, 40.2], [72, 40.3], [72.4, 40.6],
  [73.1, 40.85], [72.6, 41], [71.9, 41.35], [71.4, 41.1], [70.8, 41.25], [70.5, 41.5], [70.9, 41.8],
];
const LAKE = [[76.2, 42.4], [76.7, 42.55], [77.4, 42.7], [78.1, 42.75], [78.3, 42.6], [77.9, 42.35], [77.2, 42.2], [76.6, 42.2]];
const RIVER = [[78.1, 41.6], [77.2, 41.5], [76, 41.43], [75, 41.3], [74.2, 41.5], [73.4, 41.8], [72.7, 41.6], [72.3, 41.3], [71.9, 41.2]];

/** @param {Place[]} posts */
export function mapView(posts) {
  const drawn = posts.filter((each) => each.latitude !== null && each.longitude !== null);
  const most = Math.max(1, ...drawn.map((each) => each.found));
  return html`<svg class="map" viewBox="0 0 690 360" role="img" aria-label=${t("Map of the posts; the table says the same in numbers")}>
    <path class="land" d="M${path(BORDER)}Z" /><path class="water" d="M${path(LAKE)}Z" /><path class="river" d="M${path(RIVER)}" />
    ${drawn.map((each) => dot(each, most))}
  </svg>`;
}

/** @param {Place} each @param {number} most */
function dot({ post, found, latitude, longitude }, most) {
  const [x, y] = at(Number(longitude), Number(latitude));
  const right = x < 520;
  return svg`<circle class=${found ? "flagged" : "quiet"} cx=${x} cy=${y} r=${found ? 6 + 14 * Math.sqrt(found / most) : 4}></circle>
    ${found ? svg`<text x=${right ? x + 12 : x - 12} y=${y - 10} text-anchor=${right ? "start" : "end"}>${named("posts", post)}: ${found}</text>` : nothing}`;
}
