import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TimelineEvent } from "../../../src/replay/timeline.js";
import { EventKeeper } from "../../../src/report/html/event-keeper.js";

const about = (time: number, source: string) => ({
  time,
  detection: "Scan",
  source,
  file: "conn.log",
  lineNumber: 7,
});

function attack(time: number, source: string, line = "line"): readonly TimelineEvent[] {
  const call = { rule: 100, table: "t", command: ["add", "-", source] };
  return [
    { ...about(time, source), kind: "notice", note: "P::Scan", message: "scans", line },
    { ...about(time, source), kind: "alert", rule: 100, level: 6, description: "scan", line },
    { ...about(time, source), kind: "block", until: time + 600, ...call },
    { ...about(time + 600, source), kind: "unblock", ...call },
  ];
}

test("each event knows the one that led to it", () => {
  const keeper = new EventKeeper();
  const events = [...attack(1000, "192.0.2.1"), ...attack(5000, "192.0.2.2")];
  for (const event of events) keeper.see(event);
  assert.equal(
    keeper.events().map(({ cause }) => cause),
    [undefined, 0, 1, 2, undefined, 4, 5, 6],
  );
  assert.is(keeper.leftOut, 0);
});

test("an alert of another source or time does not come from the last notice", () => {
  const keeper = new EventKeeper();
  const [notice, alert] = attack(1000, "192.0.2.1");
  const [, other] = attack(1000, "192.0.2.2");
  const [, later] = attack(2000, "192.0.2.1");
  for (const event of [notice, other, later, alert]) if (event !== undefined) keeper.see(event);
  assert.equal(
    keeper.events().map(({ cause }) => cause),
    [undefined, undefined, undefined, 0],
  );
});

test("the line of an alert is written once, with its notice", () => {
  const keeper = new EventKeeper();
  for (const event of attack(1000, "192.0.2.1", "the line")) keeper.see(event);
  assert.equal(
    keeper.events().flatMap((event) => ("line" in event ? [event.line] : [])),
    ["the line", ""],
  );
});

test("a text that is too long for a page is cut, and says so", () => {
  const keeper = new EventKeeper();
  const [notice] = attack(1000, "192.0.2.1", "x".repeat(10_000));
  if (notice !== undefined) keeper.see(notice);
  const [kept] = keeper.events();
  assert.ok(kept?.kind === "notice" && kept.line.length < 2100 && kept.line.endsWith("(10000 characters)"));
});

test("of too many events every source keeps some, blocks and what led to them stay, the rest is counted", () => {
  const keeper = new EventKeeper({ blocks: 100_000, others: 50_000 });
  let seen = 0;
  const see = (event: TimelineEvent): void => {
    seen += 1;
    keeper.see(event);
  };
  for (let time = 0; time < 20_000; time += 10) {
    const [notice, alert] = attack(time, `192.0.2.${time % 7}`);
    if (notice !== undefined && alert !== undefined) {
      see(notice);
      see(alert);
    }
    if (time % 5000 === 0) for (const event of attack(time, "198.51.100.1")) see(event);
  }
  const kept = keeper.events();
  assert.is(kept.length + keeper.leftOut, seen);
  assert.ok(kept.length < 300);
  assert.is(new Set(kept.map(({ source }) => source)).size, 8);
  assert.is(kept.filter(({ kind }) => kind === "block").length, 4);
  for (const event of kept) {
    if (event.kind !== "block") continue;
    const alert = kept[event.cause ?? -1];
    assert.is(alert?.kind, "alert");
    assert.is(kept[alert?.cause ?? -1]?.kind, "notice");
  }
  assert.ok(keeper.leftOutOf("192.0.2.1") > 100);
});

test("memory stays bounded over a million events of ever new sources", () => {
  const keeper = new EventKeeper({ blocks: 20_000, others: 50_000 });
  for (let time = 0; time < 300_000; time++) {
    const [notice, alert, block] = attack(time, `source ${time}`);
    for (const event of [notice, alert, block]) if (event !== undefined) keeper.see(event);
  }
  const kept = keeper.events().length;
  assert.ok(kept > 50 && kept < 500, String(kept));
  assert.is(kept + keeper.leftOut, 900_000);
});

test.run();
