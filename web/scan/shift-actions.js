// What can be done around a shift: sign in, set the device up, choose and type the PIN, lock, end, send.

import { Unreachable } from "../shared/api.js";
import { named, t } from "../shared/i18n.js";
import { SignedOut, askAs, bearer, forget, keep } from "../shared/session.js";
import { heldRefresh, holdRefresh, signIn, signOut } from "../shared/sign-in.js";
import { need } from "../shared/view.js";
import { busily } from "./busy.js";
import { fetchAnswers } from "./expert.js";
import { register, thisDevice } from "./device.js";
import { Lost, keepPractice, known, refresh, refreshPractice } from "./lists.js";
import { parts } from "./parts.js";
import { beginPractice } from "./practice.js";
import { flush, tellAgain } from "./queue.js";
import { PIN, begin, current, end, same, unlock } from "./shift.js";
import { forget as forgetValue, forgetLoss, keep as keepValue, read } from "./store.js";
import { wake } from "./sound.js";
import { emptyHanded } from "./state.js";

/** @typedef {import('./main.js').Desk} Desk */

/** @param {Desk} desk */
export function shiftActions({ state, draw, show, open, reload }) {
  let again = false;

  /** Sends what waits, then fetches what is new. Nothing depends on its going well. */
  async function send() {
    if (state.practice) return rehearse(state.practice);
    const device = await thisDevice();
    if (!device || !bearer()) return;
    if (state.sending === "sending") {
      again = true; // what was written down meanwhile goes right after
      return;
    }
    state.sending = "sending";
    draw();
    let told = await flush(device);
    if (told === "sent") {
      try {
        state.known = await refresh(state.stage);
        await tellAgain(state.known.resendSince);
        await fetchAnswers(device.post);
      } catch (error) {
        if (error instanceof Lost) state.device = await thisDevice();
        else if (error instanceof SignedOut) told = "signed_out";
        else if (error instanceof Unreachable) told = "unreachable";
        else throw error;
      }
    }
    state.sending = told;
    await reload();
    void keepPractice(state.stage);
    if (again) {
      again = false;
      await send();
    }
  }

  /** In practice nothing is sent; newer lists are looked for. @param {import('./practice.js').Practice} practice */
  async function rehearse(practice) {
    await refreshPractice(practice, state.stage);
    state.known = await known(state.stage);
    draw();
  }

  return {
    send,

    /** To the pool's page; whoever was there before leaves it first, if they ended their shift without a network. */
    async signIn() {
      if (!navigator.onLine) state.wrong = t("There is no network, or the service does not answer.");
      else if (await read("leave")) await leave();
      else await signIn(state.stage);
      draw();
    },

    /** The first screen, by what there is: a shift that is locked, a sign-in, or neither. */
    async enter() {
      const token = bearer();
      if (state.practice) return show("find");
      if (state.shift && state.device) return this.lock();
      if (token) return busily(state, draw, () => signedIn(token));
      return show("sign_in");
    },

    allPosts: () => Object.keys(posts()),

    acknowledgeLoss() {
      forgetLoss();
      state.lost = null;
      draw();
    },

    /** @param {Record<string, string>} fields */
    setUp(fields) {
      if (fields.name && fields.post)
        return void busily(state, draw, async () => {
          state.device = await register(fields.post, fields.name);
          state.lost = null;
          await show("pin");
        });
      state.wrong = fields.post ? t("Give the device a name.") : t("You are assigned to no post yet: the ministry does it.");
      draw();
      need("#device-name").focus();
    },

    /** @param {Record<string, string>} fields */
    choosePin(fields) {
      const token = bearer();
      if (!PIN.test(fields.pin)) state.wrong = t("Four to eight digits.");
      else if (fields.pin !== fields.again) state.wrong = t("The two are not the same.");
      else if (state.officer && token) {
        const { officer } = state;
        wake();
        return void busily(state, draw, async () => {
          state.shift = await begin(officer, { access: token, refresh: heldRefresh() }, fields.pin);
          state.officer = null;
          await open();
          void send();
        });
      }
      draw();
      need("#pin").focus();
    },

    /** @param {Record<string, string>} fields */
    unlock(fields) {
      if (!PIN.test(fields.pin)) {
        state.wrong = t("Four to eight digits."); // no try is lost on a slip of the finger
        draw();
        return need("#pin").focus();
      }
      void busily(state, draw, async () => {
        wake();
        const found = await unlock(fields.pin);
        if ("tokens" in found) {
          keep(found.tokens.access);
          holdRefresh(found.tokens.refresh);
          const shift = await current();
          if (!same(shift, state.shift)) Object.assign(state, emptyHanded()); // another window ended theirs
          state.shift = shift;
          await open();
          void send();
        } else if (found.left > 0) {
          state.wrong = t("Wrong PIN. Tries left: {count}", { count: found.left });
          /** @type {HTMLInputElement} */ (need("#pin")).value = "";
        } else {
          await over();
          state.wrong = t("Too many wrong tries: the shift is over on this device. Sign in again.");
        }
      });
    },

    async lock() {
      forget();
      holdRefresh(null);
      state.open = false;
      await show("locked");
    },

    /** Whether the shift of this window goes on; else it is locked. Another window may have ended it, and another officer begun. */
    async goesOn() {
      const [mine, found] = [state.shift, await current()];
      if (state.practice || (found && same(found, mine))) return true;
      if (!found) await this.endShift();
      else {
        Object.assign(state, emptyHanded(), { shift: found });
        await this.lock();
      }
      return false;
    },

    /** Locks the shift and begins the page anew, as one that knows no token and no real root. */
    async practise() {
      const { shift, device, known: real, stage } = state;
      if (!shift || !device) return;
      Object.assign(state, { busy: true, unpractised: "" });
      draw();
      await keepPractice(stage);
      const lists = await read("practice");
      state.busy = false;
      if (!lists) {
        state.unpractised = t("The practice lists were never fetched: connect once.");
        return draw();
      }
      const hosts = [stage.host, ...real.trust.lists.flatMap((each) => each.hosts.map((host) => host.name))];
      forget();
      holdRefresh(null);
      beginPractice({ since: Math.floor(Date.now() / 1000), officer: shift.officer, post: device.post, told: real.told, hosts, lists, parts: await parts() });
    },

    async endShift() {
      await over();
      await keepValue("leave", true);
      if (navigator.onLine) await leave();
    },

    /** @param {Event} event */
    async sound(event) {
      state.aloud = /** @type {HTMLInputElement} */ (event.target).checked;
      await keepValue("aloud", state.aloud);
    },
  };

  /** Who signed in, what they may do here, and what comes next. @param {string} token */
  async function signedIn(token) {
    keep(token);
    const { body } = await askAs("/v1/me");
    const here = state.device?.post;
    if (!body.roles.some((/** @type {string} */ each) => ["customs", "border", "inspector"].includes(each))) {
      forget();
      await show("sign_in");
      state.wrong = t("The scanner is for officers at the border.");
    } else if (here && !body.posts.includes("*") && !body.posts.includes(here)) {
      forget();
      await show("sign_in");
      state.wrong = t("You are not assigned to this device's post: {post}", { post: named("posts", here) });
    } else {
      state.officer = body;
      state.known = await refresh(state.stage).catch(() => known(state.stage));
      state.device = await thisDevice(); // which may have heard that it was reported lost
      await show(state.device ? "pin" : "set_up");
    }
  }

  /** The pool forgets them too, or the next officer would be signed in as they. Leaves the page. */
  async function leave() {
    await forgetValue("leave");
    signOut(state.stage);
  }

  async function over() {
    forget();
    holdRefresh(null);
    await end();
    Object.assign(state, emptyHanded(), { shift: null, officer: null, open: false });
    await show("sign_in");
  }

  function posts() {
    return Object.fromEntries(state.known.told.map((each) => [each.id, each]));
  }
}
