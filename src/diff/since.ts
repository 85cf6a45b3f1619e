import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type CompiledBundle, compileBundles } from "../compiler/compile.js";
import type { HostTree } from "../deploy/host-tree.js";
import { manifestTarget, mergeOf } from "../deploy/plan.js";
import { mergedLines, mergedPf } from "../deploy/text-block.js";
import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import { merged } from "../merge/merge.js";
import { lastWords, run } from "../programs/process.js";
import { formatManifest, withoutDeclared } from "../targets/manifest.js";
import type { DiffReport } from "./change.js";
import { diffTree } from "./diff.js";

const codes = {
  git: declareDiagnostic({
    code: "diff/since",
    severity: "error",
    title: "The git revision to compare with cannot be used",
  }),
} as const;

/** A host on which nothing but a bundle is installed, without a host. */
export function bundleTree(bundle: CompiledBundle | null, show: (path: string) => string): HostTree {
  const files = new Map<string, { readonly bytes: Uint8Array; readonly mode: number }>();
  for (const file of bundle?.files ?? []) {
    if (bundle === null) break;
    const content = Buffer.from(file.content, "utf8").toString("latin1");
    const merge = mergeOf(file, bundle, null);
    const text =
      merge !== null
        ? merged("", merge)
        : file.merge === "include" && file.reader === "pf"
          ? mergedPf("", bundle.model.name, content)
          : file.merge !== "file"
            ? mergedLines("", bundle.model.name, content)
            : content;
    files.set(file.target, { bytes: Buffer.from(text, "latin1"), mode: file.mode });
  }
  if (bundle !== null)
    files.set(manifestTarget(bundle), {
      bytes: Buffer.from(formatManifest(withoutDeclared(bundle.manifest))),
      mode: 0o644,
    });
  return {
    real: false,
    show,
    list: () => null,
    read(target) {
      const file = files.get(target);
      return file === undefined
        ? { kind: "missing", path: target }
        : { kind: "file", path: target, uid: 0, gid: 0, ...file };
    },
  };
}

/**
 * What the working tree's bundles change on the hosts against the merge base with a git revision: the
 * revision's bundles are built in a worktree of their own.
 */
export async function diffSince(
  bundles: readonly CompiledBundle[],
  reference: string,
  show: (path: string) => string,
): Promise<readonly DiffReport[]> {
  const reports: DiffReport[] = [];
  for (const bundle of bundles) reports.push(await sinceOne(bundle, reference, show));
  return reports;
}

async function sinceOne(
  bundle: CompiledBundle,
  reference: string,
  show: (path: string) => string,
): Promise<DiffReport> {
  const failed = (message: string, more: readonly Diagnostic[] = []): DiffReport => ({
    bundle: bundle.model.name,
    host: bundle.model.host?.name ?? null,
    changes: [],
    unmanaged: [],
    behaviour: null,
    diagnostics: [codes.git({ file: show(bundle.file), line: 1, column: 1 }, message), ...more],
  });
  const folder = dirname(bundle.file);
  const git = (...words: readonly string[]) => run("git", words, { cwd: folder, timeout: 120 });
  if (reference.startsWith("-")) return failed(`${reference} is no revision`);
  const top = await git("rev-parse", "--show-toplevel");
  if (top.status !== 0) return failed(`git says: ${lastWords(top)}`);
  const base = await git("merge-base", reference, "HEAD");
  if (base.status !== 0) return failed(`there is no common ancestor with ${reference}: ${lastWords(base)}`);
  const root = realpathSync(top.stdout.trim());
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "zopf-since-")));
  const worktree = join(scratch, "tree");
  try {
    const added = await git("worktree", "add", "--detach", "--quiet", worktree, base.stdout.trim());
    if (added.status !== 0) return failed(`git says: ${lastWords(added)}`);
    const modules = join(root, "node_modules");
    if (existsSync(modules) && !existsSync(join(worktree, "node_modules")))
      symlinkSync(modules, join(worktree, "node_modules"));
    const file = join(worktree, relative(root, realpathSync(bundle.file)));
    if (!existsSync(file))
      return diffTree(
        bundle,
        bundleTree(null, (target) => target),
      );
    const old = await compileBundles([file], { show, cache: false });
    const name = bundle.model.host?.name ?? null;
    const before = old.bundles.find(({ model }) => (model.host?.name ?? null) === name);
    if (before === undefined && old.ok)
      return diffTree(
        bundle,
        bundleTree(null, (target) => target),
      );
    if (before === undefined)
      return failed(
        `the bundle of ${reference} does not compile`,
        relabelled(old.diagnostics, worktree, reference),
      );
    return diffTree(
      bundle,
      bundleTree(before, (target) => target),
    );
  } finally {
    await git("worktree", "remove", "--force", worktree);
    rmSync(scratch, { recursive: true, force: true });
    await git("worktree", "prune");
  }
}

function relabelled(
  diagnostics: readonly Diagnostic[],
  worktree: string,
  reference: string,
): readonly Diagnostic[] {
  return diagnostics.map((one) =>
    one.file.startsWith(worktree)
      ? { ...one, file: `${reference}:${one.file.slice(worktree.length + 1)}` }
      : one,
  );
}
