import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder } from "../scratch-folder.js";
import { Killed, opsUntil } from "./counted-ops.js";
import { compiled, deployTo, type Host, host } from "./host.js";

const deadProcess = spawnSync("true").pid;

/** A killed process is no longer there to hold its lock. */
function died(there: Host): void {
  const lock = join(there.root, "var/ossec/etc/zopf/deploy.lock");
  if (!existsSync(lock)) return;
  const text = readFileSync(lock, "utf8");
  rmSync(lock);
  writeFileSync(lock, text.replace(/"pid":\d+/, `"pid":${deadProcess}`));
}

/** Every file that is there is whole: as it was or as it is to be. */
function whole(
  there: Host,
  old: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): void {
  for (const [path, state] of Object.entries(there.tree()))
    if (state.startsWith("file") && !/\.zopf-[0-9a-f]+(?:-old)?$/.test(path))
      assert.ok(state === old[path] || state === wanted[path], `${path} is neither old nor new`);
}

async function scenario(): Promise<{
  readonly start: () => Host;
  readonly old: Host;
  readonly wanted: Host;
}> {
  const old = host();
  await deployTo(
    old.root,
    await compiled({ 'table: "ossec_fwtable"': 'table: "older"', 'for: "10 min"': 'for: "20 min"' }),
  );
  const copy = (): Host => {
    const there = host({});
    cpSync(old.root, there.root, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    return there;
  };
  const wanted = copy();
  await deployTo(wanted.root, await toNew());
  return { start: copy, old, wanted };
}

/** Another firewall, so that files come, change and go. */
const toNew = () =>
  compiled({
    'firewall: pf({ table: "ossec_fwtable" }),': "firewall: ipfw({ table: 2 }),",
    "pf }": "ipfw }",
  });

for (const failure of ["kill", "kill-half", "full"] as const)
  test(`at every write: ${failure}`, async () => {
    const bundle = await toNew();
    const { start, old, wanted } = await scenario();
    const all = opsUntil(Number.POSITIVE_INFINITY, "kill");
    await deployTo(start().root, bundle, { ops: all.ops });
    assert.ok(all.count() > 30);
    const said = new Set<string>();
    for (let limit = 0; limit < all.count(); limit += 1) {
      const there = start();
      const before = there.tree();
      try {
        const report = await deployTo(there.root, bundle, { ops: opsUntil(limit, failure).ops });
        if (failure === "full" && report.outcome !== "installed") assert.is(report.outcome, "failed");
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      died(there);
      whole(there, before, wanted.tree());
      const other = host({});
      cpSync(there.root, other.root, { recursive: true, preserveTimestamps: true });
      const again = await deployTo(there.root, bundle);
      assert.ok(
        again.outcome === "installed" || again.outcome === "unchanged",
        `${limit}: ${JSON.stringify(again)}`,
      );
      assert.equal(there.tree(), wanted.tree(), `run again after ${limit}`);
      assert.equal(leftovers(there), [], `run again after ${limit}`);
      for (const { code, message } of again.diagnostics)
        if (code === "deploy/recovered") said.add(message.includes("finished") ? "finished" : "undone");
      const interrupted = existsSync(join(other.root, "var/ossec/etc/zopf/perimeter.journal.json"));
      const back = await deployTo(other.root, bundle, { rollback: true });
      assert.is(back.outcome, "rolled-back", `${limit}: ${JSON.stringify(back)}`);
      // Not begun: then the rollback goes back behind the deploy before.
      if (interrupted) assert.equal(other.tree(), old.tree(), `rolled back after ${limit}`);
      assert.equal(leftovers(other), [], `rolled back after ${limit}`);
      rmSync(there.root, { recursive: true });
      rmSync(other.root, { recursive: true });
    }
    if (failure !== "full") assert.equal([...said].sort(), ["finished", "undone"]);
  });

test("a rollback that is killed at any write is finished by the next run", async () => {
  const bundle = await toNew();
  const { start, old } = await scenario();
  const installed = start();
  await deployTo(installed.root, bundle);
  const copy = (): Host => {
    const there = host({});
    cpSync(installed.root, there.root, { recursive: true, preserveTimestamps: true });
    return there;
  };
  const all = opsUntil(Number.POSITIVE_INFINITY, "kill");
  await deployTo(copy().root, bundle, { ops: all.ops, rollback: true });
  for (let limit = 0; limit < all.count(); limit += 1) {
    const there = copy();
    try {
      await deployTo(there.root, bundle, { ops: opsUntil(limit, "kill").ops, rollback: true });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    died(there);
    const pending = existsSync(join(there.root, "var/ossec/etc/zopf/perimeter.journal.json"));
    const done = JSON.stringify(there.tree()) === JSON.stringify(old.tree());
    if (pending || !done) await deployTo(there.root, bundle, { rollback: true });
    assert.equal(there.tree(), old.tree(), `after ${limit}`);
    assert.equal(
      leftovers(there).filter((name) => !name.includes("deploy.lock")),
      [],
      `after ${limit}`,
    );
    rmSync(there.root, { recursive: true });
  }
});

test("kill -9 of a real process before one of its changes", async () => {
  const { start, old, wanted } = await scenario();
  const folder = scratchFolder("killed");
  const given = join(folder, "bundle.json");
  writeFileSync(
    given,
    JSON.stringify(await toNew(), (_, value: unknown) => value),
  );
  const child = fileURLToPath(new URL("./child.ts", import.meta.url));
  for (const step of [1, 7, 15, 22, 29]) {
    const there = start();
    const killed = spawnSync(process.execPath, ["--import", "tsx", child, given, there.root, String(step)], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    assert.is(killed.signal, "SIGKILL");
    whole(there, old.tree(), wanted.tree());
    const again = await deployTo(there.root, await toNew());
    assert.ok(again.outcome === "installed" || again.outcome === "unchanged", JSON.stringify(again));
    assert.equal(there.tree(), wanted.tree());
    assert.equal(leftovers(there), []);
  }
});

/** Temporary files, locks and journals that nobody will look at again. */
function leftovers(there: Host): readonly string[] {
  return Object.keys(there.tree(true)).filter((name) =>
    /\.zopf-|deploy\.lock|journal|backup\/perimeter\.(?:new|previous)/.test(name),
  );
}

test.run();
