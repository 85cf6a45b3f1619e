import { Parser } from "@oclif/core";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import Logtest from "../../src/commands/logtest.js";
import { plainRequest } from "../../src/logtest/arguments.js";

const word = fc.constantFrom(
  "--ossec",
  "--ossec=home",
  "--engine",
  "--engine=3.8",
  "--engine=9",
  "3.7",
  "--control",
  "--verbose",
  "--alerts",
  "--alerts=yes",
  "--no-alerts",
  "--hostname",
  "--hostname=",
  "--format",
  "json",
  "text",
  "--output",
  "--decoders",
  "--rules",
  "--help",
  "--",
  "-",
  "-a",
  "",
  "a.log",
  "--ossec=a=b",
);

test("a command line that is taken as plain means what the parser of command lines says", async () => {
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
      const request = plainRequest(words);
      if (request === null) return;
      plain += 1;
      const { argv, flags } = await Parser.parse([...words], { flags: Logtest.flags, strict: false });
      const { files, ...rest } = request;
      assert.equal(files, argv);
      for (const [name, value] of Object.entries(rest))
        assert.is(
          value,
          Reflect.get(flags, name) ?? (value === false ? false : undefined),
          `${name} of ${words}`,
        );
    }),
    { numRuns: 500 },
  );
  assert.ok(plain > 20);
});

test("everything else is left to it", () => {
  for (const words of [["--help"], ["--decoders", "a"], ["--alerts", "--alerts"], ["--ossec"], ["-"], ["--"]])
    assert.is(plainRequest(words), null);
});

test.run();
