import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ActiveResponseDefinition } from "../../../src/ossec/definitions.js";
import {
  Execd,
  type ExecdEvent,
  type ResponseRequest,
  scriptArguments,
} from "../../../src/ossec/response/index.js";

function response(timeout: number, executable = "drop.sh"): ActiveResponseDefinition {
  return {
    command: {
      name: "drop",
      executable,
      expect: { user: false, srcip: true, filename: false },
      timeoutAllowed: true,
      extraArguments: [],
    },
    locations: ["local"],
    agentId: null,
    level: 6,
    rulesId: [],
    rulesGroup: null,
    timeout,
  };
}

function request(time: number, ip: string, timeout = 600, user = "-"): ResponseRequest {
  return {
    kind: "run",
    time,
    response: response(timeout),
    rule: 100100,
    user,
    ip,
    alertId: `${time}.1`,
    location: "stdin",
    filename: "-",
  };
}

const brief = (events: readonly ExecdEvent[]): string[] =>
  events.map(({ kind, time, ip }) => `${kind} ${ip} ${time}`);

test("the first request blocks, a second one restarts the timer without a script call", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "due" });
  const first = execd.request(request(1000, "192.0.2.1"));
  assert.equal(first, [
    {
      kind: "add",
      time: 1000,
      executable: "drop.sh",
      argv: ["add", "-", "192.0.2.1", "1000.1", "100100", "stdin", "-"],
      rule: 100100,
      ip: "192.0.2.1",
      until: 1600,
    },
  ]);
  assert.equal(brief(execd.request(request(1600, "192.0.2.1"))), ["restart 192.0.2.1 1600"]);
  assert.equal(brief(execd.runOut()), ["delete 192.0.2.1 2200"]);
});

test("a block is over at block time + timeout, in time order, before a later request", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "due" });
  execd.request(request(1000, "192.0.2.1", 600));
  execd.request(request(1001, "192.0.2.2", 10));
  const events = execd.request(request(5000, "192.0.2.1"));
  assert.equal(brief(events), ["delete 192.0.2.2 1011", "delete 192.0.2.1 1600", "add 192.0.2.1 5000"]);
});

test("the delete carries the arguments of the add", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "due" });
  execd.request(request(1000, "192.0.2.1"));
  const [call] = execd.runOut();
  assert.equal(call?.argv, ["delete", "-", "192.0.2.1", "1000.1", "100100", "stdin", "-"]);
});

test("timeout 0: nothing is remembered, add runs each time", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "due" });
  assert.equal(brief(execd.request(request(1, "192.0.2.1", 0))), ["add 192.0.2.1 1"]);
  assert.equal(brief(execd.request(request(2, "192.0.2.1", 0))), ["add 192.0.2.1 2"]);
  assert.equal(execd.runOut(), []);
});

test("exact: execd looks behind a message and every 90 s, and only beyond the timeout", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "exact" });
  execd.request(request(1000, "192.0.2.1", 10));
  // Age 10 is not beyond 10; the look at 1000 + 90 finds it.
  assert.equal(brief(execd.advance(1089)), []);
  assert.equal(brief(execd.advance(1090)), ["delete 192.0.2.1 1090"]);
  execd.request(request(2000, "192.0.2.1", 10));
  const events = execd.request(request(2011, "192.0.2.2", 10));
  assert.equal(brief(events), ["add 192.0.2.2 2011", "delete 192.0.2.1 2011"]);
});

test("exact: a message for a block that is over but still listed restarts its timer", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "exact" });
  execd.request(request(1000, "192.0.2.1", 10));
  assert.equal(brief(execd.request(request(1050, "192.0.2.1", 10))), ["restart 192.0.2.1 1050"]);
});

test("exact: long idle times cost nothing and lose nothing", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "exact" });
  execd.request(request(0, "192.0.2.1", 1_000_000_000));
  assert.equal(brief(execd.advance(999_999_999)), []);
  assert.equal(execd.runOut().length, 1);
});

test("a clean stop runs every open delete", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "due" });
  execd.request(request(1000, "192.0.2.1"));
  execd.request(request(1001, "192.0.2.2"));
  assert.equal(brief(execd.shutdown(1002)), ["delete 192.0.2.1 1002", "delete 192.0.2.2 1002"]);
  assert.equal(execd.open, []);
});

test("repeated offenders: the first block has its own timeout, then the list, its last value sticks", () => {
  const execd = new Execd({ repeatedOffenders: [30, 60], deletes: "due" });
  const untils: number[] = [];
  let time = 0;
  for (let block = 0; block < 4; block += 1) {
    for (const event of execd.request(request(time, "192.0.2.1", 600))) {
      if (event.kind === "add") untils.push((event.until ?? 0) - time);
    }
    time += 10_000;
  }
  assert.equal(untils, [600, 1800, 3600, 3600]);
});

test("user and file name are no part of the key: two accounts without an address collide", () => {
  const execd = new Execd({ repeatedOffenders: [], deletes: "due" });
  assert.equal(brief(execd.request(request(1, "-", 600, "alice"))), ["add - 1"]);
  assert.equal(brief(execd.request(request(2, "-", 600, "bob"))), ["restart - 2"]);
});

test("a blank in a value moves the later arguments", () => {
  const moved = scriptArguments(request(1, "192.0.2.1", 600, "a b"));
  assert.equal(moved, ["a", "b", "192.0.2.1", "1.1", "100100", "stdin", "-"]);
});

test.run();
