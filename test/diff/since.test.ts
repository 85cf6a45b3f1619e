import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import type { DiffReport } from "../../src/diff/change.js";
import { diffSince } from "../../src/diff/since.js";
import { bundleText, type Workspace, workspace } from "../compiler/workspace.js";

const found = spawnSync("git", ["--version"]).status === 0;
if (!found) console.log("git is not installed: the comparison with a revision is skipped");

function git(here: Workspace, ...words: readonly string[]): string {
  const ran = spawnSync("git", ["-c", "user.email=a@example.org", "-c", "user.name=a", ...words], {
    cwd: here.folder,
    encoding: "utf8",
  });
  assert.is(ran.status, 0, ran.stderr);
  return ran.stdout;
}

async function since(here: Workspace, reference: string): Promise<DiffReport> {
  const { bundles } = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [report] = await diffSince(bundles, reference, showPath);
  if (report === undefined) throw new Error("no report");
  return report;
}

/** A repository whose main goes on after the branch `topic` has left it. */
function repository(): Workspace {
  const here = workspace().write("bundle.zopf.ts", bundleText());
  git(here, "init", "-q", "-b", "main");
  git(here, "add", "-A");
  git(here, "commit", "-qm", "one");
  git(here, "branch", "topic");
  here.write("bundle.zopf.ts", bundleText({ "level: 6": "level: 9" }));
  git(here, "commit", "-qam", "main goes on");
  git(here, "checkout", "-q", "topic");
  return here;
}

if (found) {
  test("against the merge base: what the branch does, not what main did meanwhile", async () => {
    const here = repository();
    assert.equal((await since(here, "main")).changes, []);
    here.write("bundle.zopf.ts", bundleText({ "threshold: 5": "threshold: 9" }));
    const report = await since(here, "main");
    assert.equal(report.diagnostics, []);
    assert.equal(
      report.changes.map(({ what, weakens }) => [what, weakens]),
      [["zeek-option", true]],
    );
    assert.is(git(here, "worktree", "list").trim().split("\n").length, 1, "no worktree is left");
  });

  test("a bundle that the revision does not have, or that did not compile there", async () => {
    const here = repository();
    git(here, "rm", "-q", "--cached", "bundle.zopf.ts");
    git(here, "commit", "-qm", "without");
    assert.ok((await since(here, "HEAD")).changes.every(({ kind }) => kind === "create"));
    here.write("bundle.zopf.ts", "nonsense(");
    git(here, "add", "-A");
    git(here, "commit", "-qm", "broken");
    here.write("bundle.zopf.ts", bundleText());
    const report = await since(here, "HEAD");
    assert.is(report.diagnostics[0]?.code, "diff/since");
    assert.ok(
      report.diagnostics.some(({ file }) => file === "HEAD:bundle.zopf.ts"),
      JSON.stringify(report.diagnostics),
    );
  });

  test("no such revision, no repository, a revision that is an option", async () => {
    for (const reference of ["nowhere", "--output=/tmp/x"])
      assert.is((await since(repository(), reference)).diagnostics[0]?.code, "diff/since");
    const outside = workspace().write("bundle.zopf.ts", bundleText());
    assert.is((await since(outside, "main")).diagnostics[0]?.code, "diff/since");
  });
}

test.run();
