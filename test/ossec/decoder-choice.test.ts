import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DecoderChoice } from "../../src/ossec/decoder-choice.js";
import { loadLoose } from "../../src/ossec/load/index.js";

const test = suite("which decoder takes a line");

const text = String.raw`
<decoder name="date"><prematch_pcre2>^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} </prematch_pcre2></decoder>
<decoder name="app"><prematch>^\d+-\d+-\d+ \d+:\d+:\d+ app: </prematch></decoder>
<decoder name="sshd"><program_name_pcre2>^sshd</program_name_pcre2></decoder>
<decoder name="sshd-own"><program_name>^sshd</program_name><prematch>^Failed</prematch></decoder>
`;
const { decoders } = loadLoose(
  { decoders: [{ file: "d.xml", bytes: Buffer.from(text) }], rules: [], conf: [] },
  { engine: "4.3", order: "given", open: true },
);
const choice = new DecoderChoice(decoders);
const names = (programName: string | null, log: string) =>
  choice.fitting({ programName, log }).map(({ decoder }) => decoder.name);

test("the first that fits, in every language, of the list that the line is offered to", () => {
  assert.equal(names(null, "2025-12-29 10:00:01 app: x"), ["date", "app"]);
  assert.equal(names(null, "5-2-9 1:0:1 app: x"), ["app"]);
  assert.equal(names("sshd", "Failed password"), ["sshd", "sshd-own"]);
  assert.equal(names("sshd", "Accepted"), ["sshd"]);
  assert.equal(names("cron", "2025-12-29 10:00:01 app: x"), []);
  assert.is(choice.taker({ programName: "sshd", log: "Failed" })?.decoder.name, "sshd");
  assert.is(choice.taker({ programName: null, log: "x" }), null);
});

test.run();
