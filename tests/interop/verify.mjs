// Verify signed messages with @auth0/cose on Node, without our code: JSON in, JSON out.
// Input: [{"message", "kid", "x", "y"}] as hex. Output: for each the payload as hex, or null if rejected.

import { COSEKey, Sign1 } from "@auth0/cose";

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
let text = "";
for await (const chunk of process.stdin) text += chunk;
const answers = [];
for (const { message, kid, x, y } of JSON.parse(text)) {
  // COSE_Key, RFC 9053 s. 7.1: kty EC2, kid, alg ES256, crv P-256, x, y
  const key = COSEKey.import(new Map([[1, 2], [2, bytes(kid)], [3, -7], [-1, 1], [-2, bytes(x)], [-3, bytes(y)]]));
  try {
    const sign1 = Sign1.decode(bytes(message));
    await sign1.verify(await key.toKeyLike());
    answers.push(Buffer.from(sign1.payload).toString("hex"));
  } catch (error) {
    if (process.env.WHY) console.error(error);
    answers.push(null);
  }
}
console.log(JSON.stringify(answers));
