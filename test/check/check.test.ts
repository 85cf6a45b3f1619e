import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CheckOptions, type CheckReport, check } from "../../src/check/check.js";
import { showPath } from "../../src/cli/command.js";
import { type EngineName, engineNames } from "../../src/programs/find.js";
import { checkGithub, checkJson, checkJunit, checkText } from "../../src/report/check.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { bundleText, type Workspace, workspace } from "../compiler/workspace.js";
import { host } from "../deploy/host.js";

const off = new Map<EngineName, string>(engineNames.map((name) => [name, "off"]));

function run(here: Workspace, options: Partial<CheckOptions> = {}): Promise<CheckReport> {
  return check({
    files: [join(here.folder, "bundle.zopf.ts")],
    out: join(here.folder, "generated"),
    with: null,
    target: null,
    requireEngines: [],
    enginePaths: off,
    only: [],
    since: null,
    failOn: "dangerous",
    cache: false,
    show: showPath,
    ...options,
  });
}

async function ready(replace: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const here = workspace().write("bundle.zopf.ts", bundleText(replace));
  here.write("cases/quiet/case.json", JSON.stringify({ zeek: ["conn.log"], expect: {} }));
  here.write(
    "cases/quiet/conn.log",
    "#separator \\x09\n#path\tconn\n#fields\tts\tuid\n#types\ttime\tstring\n",
  );
  await here.build();
  return here;
}

function status(report: CheckReport, name: string): string | undefined {
  return report.parts.find((part) => part.name === name)?.status;
}

test("a bundle that is well: every part passed, or skipped with its reason", async () => {
  const report = await run(await ready());
  for (const name of ["types", "verify", "build", "lint", "test"])
    assert.is(status(report, name), "passed", JSON.stringify(report.parts));
  for (const name of [...engineNames, "with"]) assert.is(status(report, name), "skipped", name);
  assert.ok(report.parts.every(({ summary }) => summary !== ""));
});

test("all parts run even when one fails", async () => {
  const here = await ready();
  here.write("bundle.zopf.ts", bundleText({ "threshold: 5": "threshold: 6" }));
  here.write(
    "cases/quiet/case.json",
    JSON.stringify({ zeek: ["conn.log"], expect: { blocks: [{ source: "192.0.2.77" }] } }),
  );
  const report = await run(here);
  assert.is(status(report, "build"), "failed");
  assert.is(status(report, "test"), "failed");
  assert.is(status(report, "types"), "passed");
  assert.ok(report.diagnostics.some(({ code }) => code === "check/stale"));
});

test("a generated file that was changed by hand is stale", async () => {
  const here = await ready();
  here.write("generated/perimeter/pf/pf.conf", "pass all\n");
  assert.is(status(await run(here), "build"), "failed");
});

test("a bundle that does not compile is invalid, and nothing else counts as passed", async () => {
  const here = await ready();
  here.write("bundle.zopf.ts", bundleText({ "level: 6": "level: 99" }));
  const report = await run(here);
  assert.is(status(report, "types"), "invalid");
  assert.not(report.parts.some((part) => part.status === "passed"));
});

test("without cases: a warning", async () => {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  await here.build();
  const report = await run(here);
  assert.is(status(report, "test"), "passed");
  assert.ok(
    report.diagnostics.some(({ code, severity }) => code === "check/no-cases" && severity === "warning"),
  );
});

test("a required engine that is missing fails", async () => {
  const report = await run(await ready(), {
    requireEngines: ["zeek"],
    enginePaths: new Map([["zeek", "/nonexistent/zeek"]]),
  });
  assert.is(status(report, "zeek"), "failed");
});

test("--with: the OSSEC home is loaded with the bundle in it", async () => {
  const here = await ready();
  const there = host();
  const well = await run(here, { with: join(there.root, "var/ossec") });
  assert.is(status(well, "with"), "passed", JSON.stringify(well.diagnostics));
  there.write(
    "var/ossec/rules/sshd_rules.xml",
    '<group name="x,"><rule id="100500" level="3"><match>zz</match><description>other</description></rule></group>\n',
  );
  assert.is(status(await run(here, { with: join(there.root, "var/ossec") }), "with"), "failed");
  assert.is(status(await run(here, { with: here.folder }), "with"), "invalid");
});

test("--with refuses what deploy refuses: a rule id that zopf does not own, a decoder that takes the lines", async () => {
  const here = await ready();
  const there = host().write(
    "var/ossec/rules/local_rules.xml",
    '<group name="x,">\n<rule id="100500" level="3" overwrite="yes"><match>zz</match><description>other</description></rule></group>\n',
  );
  const foreign = await run(here, { with: join(there.root, "var/ossec"), only: ["with"] });
  assert.is(status(foreign, "with"), "failed");
  assert.ok(
    foreign.diagnostics.some(
      ({ code, file, line }) => code === "deploy/conflict" && file.endsWith("local_rules.xml") && line === 2,
    ),
    JSON.stringify(foreign.diagnostics),
  );
  const before = host().write(
    "var/ossec/etc/decoder.xml",
    '<decoder name="sshd"><program_name>^sshd</program_name></decoder>\n<decoder name="all"><prematch>^</prematch></decoder>\n',
  );
  const taken = await run(here, { with: join(before.root, "var/ossec"), only: ["with"] });
  assert.is(status(taken, "with"), "failed");
  assert.ok(
    taken.diagnostics.some(
      ({ code, message }) => code === "deploy/chain" && /"all" \(.*decoder\.xml:2\)/.test(message),
    ),
    JSON.stringify(taken.diagnostics),
  );
});

test("--fail-on: findings of a milder effect are shown and do not fail, whatever their severity", async () => {
  const here = await ready();
  const there = host().write(
    "var/ossec/rules/local_rules.xml",
    '<group name="x,"><rule id="100001" level="5"><if_sid>5700</if_sid><match>foo\\d+bar</match><description>d</description></rule></group>\n',
  );
  const lint = async (failOn: CheckOptions["failOn"]) =>
    run(here, { with: join(there.root, "var/ossec"), only: ["lint"], failOn });
  const strict = await lint("dead");
  assert.is(status(strict, "lint"), "failed", JSON.stringify(strict.parts));
  assert.ok(
    strict.diagnostics.some(({ severity, effect }) => severity === "error" && effect === "dead"),
    JSON.stringify(strict.diagnostics),
  );
  const mild = await lint("refused");
  assert.is(status(mild, "lint"), "passed", JSON.stringify(mild.parts));
  assert.equal(mild.diagnostics, strict.diagnostics);
});

/** A program that says what it is told to. */
function program(here: Workspace, name: string, script: string): string {
  const path = join(here.folder, "bin", name);
  mkdirSync(join(here.folder, "bin"), { recursive: true });
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

test("engines are asked, and what they refuse fails", async () => {
  const here = await ready();
  const good = program(here, "good", "#!/bin/sh\nexit 0\n");
  const bad = program(here, "bad", "#!/bin/sh\necho 'line 3: syntax error' >&2\nexit 1\n");
  const passing = await run(here, {
    enginePaths: new Map([...off, ["zeek", good], ["pfctl", good], ["sh", "sh"]]),
  });
  for (const name of ["zeek", "pfctl", "sh"]) assert.is(status(passing, name), "passed", name);
  const failing = await run(here, { enginePaths: new Map([...off, ["zeek", bad], ["pfctl", bad]]) });
  for (const name of ["zeek", "pfctl"]) assert.is(status(failing, name), "failed", name);
  assert.ok(failing.diagnostics.some(({ message }) => message.includes("line 3: syntax error")));
  const denied = program(here, "denied", "#!/bin/sh\necho 'pfctl: /dev/pf: Permission denied' >&2\nexit 1\n");
  assert.is(
    status(await run(here, { enginePaths: new Map([...off, ["pfctl", denied]]) }), "pfctl"),
    "skipped",
  );
});

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** `ossec-logtest` played by zopf itself, with a word changed in what it says. */
function logtest(here: Workspace, change: string): string {
  return program(
    here,
    `logtest-${change === "" ? "true" : "false"}`,
    `#!/bin/sh
case $1 in
-V) echo 'OSSEC HIDS v4.2.0'; exit 0 ;;
-t) exit 0 ;;
esac
exec node --import ${join(repository, "node_modules/tsx/dist/esm/index.mjs")} ${join(repository, "test/check/logtest.ts")} "$2" '${change}'
`,
  );
}

test("every line through both engines: they agree, or it fails and says how to report it", async () => {
  const here = await ready();
  const agree = await run(here, { enginePaths: new Map([...off, ["ossec", logtest(here, "")]]) });
  assert.is(status(agree, "ossec"), "passed", JSON.stringify(agree.diagnostics));
  assert.match(
    agree.parts.find(({ name }) => name === "ossec")?.summary ?? "",
    /8 lines through both engines/,
  );
  const differ = await run(here, { enginePaths: new Map([...off, ["ossec", logtest(here, "100500")]]) });
  assert.is(status(differ, "ossec"), "failed");
  assert.ok(
    differ.diagnostics.some(
      ({ code, help }) => code === "check/engines-disagree" && help?.includes("report"),
    ),
  );
});

test("every format", async () => {
  const here = await ready();
  here.write("generated/perimeter/pf/pf.conf", "pass all\n");
  const report = await run(here);
  assert.is(JSON.parse(checkJson(report)).parts.length, report.parts.length);
  assert.match(checkText(report, noPaint), /FAILED +build/);
  assert.match(checkJunit(report), /<failure message="1 file would change">/);
  assert.match(checkGithub(report), /^::error file=.*pf\.conf,line=1/m);
});

test("no bundle at all", async () => {
  const folder = workspace().folder;
  const before = process.cwd();
  process.chdir(folder);
  try {
    const report = await run(workspace(), { files: [] });
    assert.equal(report.parts, []);
    assert.is(report.diagnostics[0]?.code, "build/no-bundle");
  } finally {
    process.chdir(before);
  }
  assert.ok(existsSync(folder));
});

test("stopped, the parts so far come out, the others are skipped, and the run says that it is a part", async () => {
  const here = await ready();
  const begun: string[] = [];
  let stopped = false;
  const report = await run(here, {
    requireEngines: ["zeek"],
    watch: {
      step: (name) => {
        begun.push(name);
        stopped ||= name === "lint";
      },
      stopped: () => stopped,
    },
  });
  assert.is(begun.at(3), "lint");
  for (const name of ["types", "verify", "build"]) assert.is(status(report, name), "passed", name);
  for (const name of ["lint", "with", "test", "zeek"]) assert.is(status(report, name), "skipped", name);
  assert.ok(report.diagnostics.some(({ code }) => code === "check/partial"));
  // Within the cases, too: what was played so far.
  let checks = 0;
  const cases = await run(here, {
    only: ["test"],
    watch: { step: () => undefined, stopped: () => ++checks > 2 },
  });
  assert.is(status(cases, "test"), "skipped");
});

test.run();
