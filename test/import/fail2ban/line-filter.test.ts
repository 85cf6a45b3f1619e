/** What fail2ban makes of a line, as its users annotated it: the side of an import's proof that nothing is translated for. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { IniFiles } from "../../../src/import/fail2ban/config.js";
import { readFilter } from "../../../src/import/fail2ban/filter.js";
import { FailCounter } from "../../../src/import/fail2ban/run/fail-counter.js";
import { LineFilter } from "../../../src/import/fail2ban/run/line-filter.js";
import { canonical, filterFolder, filterOf, groupsOf, haveLines, lineFiles } from "./annotated.js";

const run = haveLines ? test : test.skip;
if (!haveLines) console.log("annotated lines: skipped, there is no ../shared");

/** Lines that are judged otherwise than their users did, and how many there are. */
function judged(file: string): { readonly lines: number; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  let lines = 0;
  for (const { options, lines: annotated } of groupsOf(file)) {
    const given = new Map([...options].filter(([name]) => !name.startsWith("test.")));
    const files = new IniFiles((path) => path);
    const filter = readFilter(filterFolder, { name: filterOf(file), options: given }, files);
    const reading = filter === null ? null : LineFilter.of(filter);
    if (reading === null) {
      if (filter?.maxlines === 1) wrong.push(`${file} cannot be read`);
      continue;
    }
    // Those of the journal: their tests give some of the lines without the date that the journal has beside them.
    const undated =
      options.get("logtype") === "journal" && filter !== null ? LineFilter.of(filter, false) : null;
    for (const { line, match, host } of annotated) {
      const dated = reading.judge(line);
      const judgement = dated.kind === "none" && undated !== null ? undated.judge(line) : dated;
      // Sessions are not followed.
      if (judgement.kind === "session" || judgement.kind === "helper") continue;
      lines += 1;
      const isRight =
        judgement.kind === "failure"
          ? match && (host === null || canonical(host) === canonical(judgement.host.text))
          : judgement.kind === "none" && !match;
      if (!isRight) wrong.push(`${file} ${JSON.stringify(judgement)} ${line}`);
    }
  }
  return { lines, wrong };
}

run("all annotated lines are read as fail2ban reads them", () => {
  const all = lineFiles().map(judged);
  assert.equal(
    all.flatMap(({ wrong }) => wrong),
    [],
  );
  assert.ok(all.reduce((sum, { lines }) => sum + lines, 0) > 1_000);
});

test("a client that goes on slowly is counted by its rate, one that was silent anew", () => {
  const counter = new FailCounter(5, 600);
  // Four at once, and one more when the first of them is too old: 4 in 590 s are 4 in 600 s.
  assert.equal(
    [0, 1, 2, 590, 601].map((time) => counter.add("192.0.2.1", time)),
    [false, false, false, false, true],
  );
  assert.equal(
    [0, 1, 2, 3, 604].map((time) => counter.add("192.0.2.2", time)),
    [false, false, false, false, false],
  );
});

test.run();
