// How somebody signs in and out: the user pool's own page, authorization code with PKCE (RFC 7636). What the page knew
// behind # in its address is there again afterwards. No password ever passes through a page of ours.

import { PATIENCE, language } from "./i18n.js";
import { Unreachable } from "./api.js";
import { bearer, forget, keep, renewWith } from "./session.js";

/** @typedef {import('./frame.js').Stage} Stage */

const BEGUN = "tamga.sign-in"; // {verifier, state, hash} of a sign-in that is under way in this tab
const REFRESH = "tamga.refresh";
const TOKEN = "/oauth2/token"; // at our own origin: in AWS the staff's front leads it to the pool

/** Leaves for the sign-in page. @param {Stage} stage */
export async function signIn(stage) {
  const [verifier, state] = [random(), random()];
  sessionStorage.setItem(BEGUN, JSON.stringify({ verifier, state, hash: location.hash }));
  const proof = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  location.assign(
    poolAddress(stage, "/oauth2/authorize", {
      response_type: "code",
      client_id: stage.sign_in.client_id,
      redirect_uri: here(),
      scope: "openid",
      state,
      code_challenge: urlSafe(proof),
      code_challenge_method: "S256",
      lang: language(), // the pool's own name for it
    }),
  );
}

/**
 * To be called once, before the page is drawn: takes a code out of the address, swaps it for a token, and sees to it that
 * a token that ran out is renewed. Says whether somebody is signed in. An answer to a question that this tab did not ask
 * signs nobody in. Throws `Unreachable`.
 * @param {Stage} stage
 */
export async function signedIn(stage) {
  renewWith(() => renewed(stage));
  const asked = new URLSearchParams(location.search);
  if (!asked.has("code") && !asked.has("error")) return bearer() !== null;
  forget(); // whoever was signed in here: the page shows the sign-in if nobody comes back
  holdRefresh(null);
  const begun = JSON.parse(sessionStorage.getItem(BEGUN) ?? "{}");
  sessionStorage.removeItem(BEGUN);
  history.replaceState(null, "", location.pathname + (begun.hash ?? ""));
  if (!asked.has("code") || !begun.state || begun.state !== asked.get("state")) return false;
  return swap(stage, {
    grant_type: "authorization_code",
    code: asked.get("code") ?? "",
    redirect_uri: here(),
    code_verifier: begun.verifier,
  });
}

/** Nobody is signed in any more, at the pool neither; leaves the page. @param {Stage} stage */
export function signOut(stage) {
  forget();
  sessionStorage.removeItem(REFRESH);
  location.assign(poolAddress(stage, "/logout", { client_id: stage.sign_in.client_id, logout_uri: here() }));
}

/** The refresh token of this sign-in, for who keeps it sealed (scan/shift.js). */
export const heldRefresh = () => sessionStorage.getItem(REFRESH);

/** @param {string | null} token */
export function holdRefresh(token) {
  if (token) sessionStorage.setItem(REFRESH, token);
  else sessionStorage.removeItem(REFRESH);
}

/** Another access token by the refresh token of this sign-in, if it has one. @param {Stage} stage */
async function renewed(stage) {
  const refresh = sessionStorage.getItem(REFRESH);
  return refresh ? swap(stage, { grant_type: "refresh_token", refresh_token: refresh }) : false;
}

/** Says whether the pool gave a token; only its own refusal ends a sign-in. @param {Stage} stage @param {Record<string, string>} given */
async function swap(stage, given) {
  let answer;
  let told;
  try {
    answer = await fetch(TOKEN, {
      method: "POST",
      body: new URLSearchParams({ ...given, client_id: stage.sign_in.client_id }),
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) told = await answer.json();
  } catch (error) {
    throw new Unreachable(`${TOKEN}: ${error}`);
  }
  if (answer.status >= 500 || answer.status === 429) throw new Unreachable(`${TOKEN}: ${answer.status}`);
  if (!answer.ok) {
    sessionStorage.removeItem(REFRESH);
    return false;
  }
  if (given.refresh_token && given.refresh_token !== heldRefresh()) return false; // locked or signed out meanwhile
  const { access_token: token, refresh_token: refresh } = told;
  keep(token);
  if (refresh) sessionStorage.setItem(REFRESH, refresh);
  return true;
}

/** @param {Stage} stage @param {string} path @param {Record<string, string>} query */
const poolAddress = (stage, path, query) =>
  `${stage.sign_in.host ? `https://${stage.sign_in.host}` : location.origin}${path}?${new URLSearchParams(query)}`;

/** Where the pool sends the visitor back to: this page, without what it was asked. */
const here = () => location.origin + location.pathname;

const random = () => urlSafe(crypto.getRandomValues(new Uint8Array(32)));

/** @param {Uint8Array} bytes */
const urlSafe = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
