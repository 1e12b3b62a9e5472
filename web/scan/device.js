// This device's own key: made here by WebCrypto, never to be read out, kept in IndexedDB. It belongs to one post.

import { base64url } from "../core/bytes.js";
import { signRaw } from "../core/cose.js";
import { recordBytes } from "../core/permit.js";
import { askAs } from "../shared/session.js";
import { forget, forgetLoss, keep, note, read } from "./store.js";

/** @typedef {{id: string, post: string, name: string, key: CryptoKey, lost?: true}} Device  `key`: private, P-256, not extractable; `lost`: so it was told */

const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/** @returns {Promise<Device | null>} */
export const thisDevice = async () => (await read("device")) ?? null;

/**
 * Makes a key and puts it under a post. The key is kept before it is sent: an answer that was lost makes no second device.
 * Throws `Problem`, `Unreachable`, `SignedOut`.
 * @param {string} post @param {string} name @returns {Promise<Device>}
 */
export async function register(post, name) {
  /** @type {CryptoKeyPair} */
  let pair = await read("new-key");
  if (!pair) {
    pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
    await keep("new-key", pair);
  }
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const { body } = await askAs("/v1/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ public_key: btoa(String.fromCharCode(...spki)), post, name }),
  });
  const device = { id: body.device_id, post: body.post, name: body.name, key: pair.privateKey };
  await keep("device", device);
  await forget("new-key");
  forgetLoss();
  await note();
  return device;
}

/**
 * ECDSA P-256 with SHA-256, r||s in base64url, over the RFC 8785 bytes of `{"device_id", "events"}` (offline/services/devices.py).
 * @param {Device} device @param {readonly unknown[]} events
 */
export async function sign(device, events) {
  return base64url(await signRaw(recordBytes({ device_id: device.id, events }), device.key));
}

/** What names this device in a question of its own: one that was reported lost gets no answer. @param {Pick<Device, "id"> | null | undefined} device @returns {Record<string, string>} */
export const naming = (device) => (device?.id ? { "Tamga-Device": device.id } : {});

export const LOST = "lost-device"; // slug of the problem

/** It was reported lost, and knows it from now on. @returns {Promise<Device | null>} */
export async function noteLost() {
  const device = await thisDevice();
  if (device && !device.lost) await keep("device", { ...device, lost: true });
  return thisDevice();
}
