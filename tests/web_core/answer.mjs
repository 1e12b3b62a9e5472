// Read one line of questions, [{ask, ...}, ...], and write one line of answers; repeat.

import { createInterface } from "node:readline";

import { answer } from "./answers.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const answers = [];
  for (const question of JSON.parse(line)) answers.push(await answer(question));
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
