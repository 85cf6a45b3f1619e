import type { CompiledBundle } from "../compiler/compile.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type DeployedManifest, deployedManifest } from "../merge/deployed-manifest.js";
import { type Merge, merged, namedFilesMarkers, withoutBundle, xmlMarkers } from "../merge/merge.js";
import { sharedKind } from "../merge/merge-home.js";
import { withNamedFiles } from "../merge/named-files.js";
import type { EmittedFile } from "../targets/file.js";
import { formatManifest, sha256, withoutDeclared } from "../targets/manifest.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { codes } from "./codes.js";
import type { HostFile, HostTree } from "./host-tree.js";
import { type NumericOwner, ownerLookup } from "./owners.js";
import {
  blockContent,
  hashMarkers,
  iplogContent,
  mergedIplog,
  mergedLines,
  mergedPf,
  withoutLines,
} from "./text-block.js";

/** A file of the host and what a deploy makes of it. */
export interface PlannedFile {
  readonly target: string;
  /** Where it lies or will lie, links followed. */
  readonly path: string;
  readonly before: HostFile | null;
  /** null: it goes. */
  readonly after: { readonly bytes: Uint8Array; readonly mode: number } | null;
  readonly owner: NumericOwner | null;
  /** What is emitted for it; null for the manifest and for what an older version left. */
  readonly emitted: EmittedFile | null;
  readonly changed: boolean;
}

export interface Plan {
  readonly files: readonly PlannedFile[];
  /** The manifest that lies on the host. */
  readonly deployed: DeployedManifest | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function manifestTarget(bundle: CompiledBundle): string {
  return `${bundle.model.ossec.home}/etc/zopf/${bundle.model.name}.manifest.json`;
}

/** What a deploy would write, changing nothing. Errors among the diagnostics: it would write nothing. */
export function planDeploy(bundle: CompiledBundle, tree: HostTree): Plan {
  const diagnostics: Diagnostic[] = [];
  const deployed = readDeployed(bundle, tree, diagnostics);
  const lookUp = ownerLookup(tree);
  const files: PlannedFile[] = [];
  const add = (file: Omit<PlannedFile, "changed">): void => {
    files.push({ ...file, changed: differs(file) });
  };
  for (const emitted of bundle.files) {
    const found = tree.read(emitted.target);
    if (found.kind === "trouble") {
      diagnostics.push(found.diagnostic);
      continue;
    }
    const before = found.kind === "file" ? found : null;
    if (before !== null) diagnostics.push(...editedByHand(emitted, before, bundle, deployed, tree));
    const owner = before !== null && emitted.merge !== "file" ? keptOwner(before) : lookUp(emitted.owner);
    add({
      target: emitted.target,
      path: found.path,
      before,
      after: { bytes: mergedBytes(emitted, before, bundle, deployed), mode: modeOf(emitted, before) },
      owner,
      emitted,
    });
  }
  for (const stray of strays(bundle, tree, deployed, diagnostics)) add(stray);
  const target = manifestTarget(bundle);
  const found = tree.read(target);
  if (found.kind !== "trouble")
    add({
      target,
      path: found.path,
      before: found.kind === "file" ? found : null,
      after: { bytes: Buffer.from(formatManifest(withoutDeclared(bundle.manifest))), mode: 0o644 },
      owner: lookUp("root:root") ?? lookUp("root:wheel"),
      emitted: null,
    });
  return { files, deployed, diagnostics };
}

function readDeployed(
  bundle: CompiledBundle,
  tree: HostTree,
  diagnostics: Diagnostic[],
): DeployedManifest | null {
  const target = manifestTarget(bundle);
  const found = tree.read(target);
  if (found.kind === "trouble") diagnostics.push(found.diagnostic);
  if (found.kind !== "file") return null;
  const at = { file: tree.show(target), line: 1, column: 1 };
  const manifest = deployedManifest(found.bytes);
  if (manifest === null) {
    diagnostics.push(codes.manifest(at, "is no manifest of zopf's", "remove it, and deploy again"));
    return null;
  }
  if (manifest.bundle !== bundle.model.name) {
    diagnostics.push(
      codes.manifest(
        at,
        `is the manifest of another bundle, "${manifest.bundle}"`,
        "remove it, and deploy again",
      ),
    );
    return null;
  }
  return manifest;
}

/** Text of the host, latin1 like everything of OSSEC's. */
export function textOf(file: { readonly bytes: Uint8Array } | null): string {
  return file === null ? "" : Buffer.from(file.bytes).toString("latin1");
}

function mergedBytes(
  emitted: EmittedFile,
  before: HostFile | null,
  bundle: CompiledBundle,
  deployed: DeployedManifest | null,
): Uint8Array {
  const content = Buffer.from(emitted.content, "utf8").toString("latin1");
  const old = textOf(before);
  const { name } = bundle.model;
  const merge = mergeOf(emitted, bundle, deployed);
  if (merge !== null) return Buffer.from(merged(old, merge), "latin1");
  if (emitted.merge === "include" && emitted.reader === "pf")
    return Buffer.from(mergedPf(old, name, content), "latin1");
  if (emitted.merge !== "file") return Buffer.from(mergedLines(old, name, content), "latin1");
  if (emitted.reader === "iplog") return Buffer.from(mergedIplog(old, content), "latin1");
  return Buffer.from(emitted.content, "utf8");
}

/** How an OSSEC file is merged; null for every other file. */
export function mergeOf(
  { path, content }: Pick<EmittedFile, "path" | "content">,
  { model, manifest }: CompiledBundle,
  deployed: DeployedManifest | null,
): Merge | null {
  const kind = sharedKind(model, path);
  if (kind === null) return null;
  return {
    kind,
    bundle: model.name,
    owners: [manifest.owns, ...(deployed === null ? [] : [deployed.owns])],
    content: Buffer.from(content, "utf8").toString("latin1"),
    dialect: dialectOf(model.ossec),
  };
}

/** A shared file keeps its mode, but nobody else may write what the bundle needs. */
function modeOf(emitted: EmittedFile, before: HostFile | null): number {
  if (emitted.merge === "file" || before === null) return emitted.mode;
  return before.mode & ~(0o022 & ~emitted.mode);
}

/** A new file in an old one's place belongs to the same; only root can see to that. */
function keptOwner({ uid, gid }: HostFile): NumericOwner | null {
  return process.getuid?.() === 0 ? { uid, gid } : null;
}

function differs({ before, after, owner }: Omit<PlannedFile, "changed">): boolean {
  if (before === null || after === null) return before !== after;
  if (before.mode !== after.mode || !Buffer.from(before.bytes).equals(after.bytes)) return true;
  return owner !== null && (owner.uid !== before.uid || owner.gid !== before.gid);
}

/** What of a file is the bundle's, as it lies there, and on which line it begins; null: nothing. */
function ownPart(
  { merge, reader, path }: EmittedFile,
  before: HostFile,
  model: CompiledBundle["model"],
): { readonly text: string; readonly start: number } | null {
  const text = textOf(before);
  if (merge === "file") return { text: reader === "iplog" ? iplogContent(text) : text, start: 0 };
  const kind = sharedKind(model, path);
  const part = blockContent(text, kind === null ? hashMarkers(model.name) : xmlMarkers(model.name));
  const named = kind === "conf" ? blockContent(text, namedFilesMarkers(model.name)) : null;
  return part === null || named === null ? part : { ...part, text: withNamedFiles(part.text, named.text) };
}

/** Warned of before it is overwritten: a file of ours alone, and our block in a file that others share. */
function editedByHand(
  emitted: EmittedFile,
  before: HostFile,
  { model }: CompiledBundle,
  deployed: DeployedManifest | null,
  tree: HostTree,
): readonly Diagnostic[] {
  // Somebody's own iplog.conf is no edit of ours.
  if (emitted.reader === "iplog" && deployed === null) return [];
  const part = ownPart(emitted, before, model);
  if (part === null) return [];
  const hash = sha256(Buffer.from(part.text, "latin1"));
  if (hash === sha256(emitted.content)) return [];
  if (deployed?.files.some((file) => file.target === emitted.target && file.sha256 === hash) === true)
    return [];
  const line = textOf(before).slice(0, part.start).split("\n").length;
  const what = emitted.merge === "file" ? "" : "the bundle's part of it, from this line on, ";
  return [
    codes.edited(
      { file: tree.show(emitted.target), line, column: 1 },
      deployed === null
        ? `${what}is not what the bundle builds, and no deployed manifest says where it comes from`
        : `${what}was changed since it was deployed`,
      "a deploy replaces it and keeps it in the backup",
    ),
  ];
}

/** What an older version of the bundle left on the host. */
function strays(
  bundle: CompiledBundle,
  tree: HostTree,
  deployed: DeployedManifest | null,
  diagnostics: Diagnostic[],
): readonly Omit<PlannedFile, "changed">[] {
  const targets = new Set(bundle.files.map(({ target }) => target));
  const left: Omit<PlannedFile, "changed">[] = [];
  for (const file of deployed?.files ?? []) {
    if (targets.has(file.target)) continue;
    targets.add(file.target);
    const found = tree.read(file.target);
    if (found.kind === "trouble") diagnostics.push(found.diagnostic);
    if (found.kind !== "file") continue;
    const planned = { target: file.target, path: found.path, before: found, owner: null, emitted: null };
    const text = textOf(found);
    if (file.merge === "file") {
      // A manifest is a text that anybody may edit: only what zopf wrote goes, or what lies untouched in a
      // folder of the bundle's name.
      const own = file.target.split("/").includes(bundle.model.name) && sha256(found.bytes) === file.sha256;
      if (own || /made by zopf/i.test(text)) left.push({ ...planned, after: null });
      continue;
    }
    const merge = mergeOf({ path: file.path, content: "" }, bundle, deployed);
    const rest = merge === null ? withoutLines(text, bundle.model.name) : withoutBundle(text, merge);
    if (rest !== text)
      left.push({ ...planned, after: { bytes: Buffer.from(rest, "latin1"), mode: found.mode } });
  }
  return left;
}
