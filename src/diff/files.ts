import { basename } from "node:path";
import type { HostTree } from "../deploy/host-tree.js";
import { type Plan, type PlannedFile, textOf } from "../deploy/plan.js";
import { homeFiles } from "../merge/merge-home.js";
import type { Model } from "../model/model.js";
import { type Change, change } from "./change.js";
import { withDirection } from "./direction.js";
import { patchOf } from "./patch.js";
import { compareIplog, compareLines, comparePf, compareScript } from "./texts.js";
import { compareZeek } from "./zeek.js";

/** Everything but OSSEC's own files: content as its reader sees it, modes, owners, what was left behind. */
export function compareFiles(model: Model, plan: Plan, tree: HostTree): readonly Change[] {
  const ossecs = new Set(homeFiles(model).map(({ emitted }) => emitted));
  const targets = new Set(plan.deployed?.files.map(({ target }) => target));
  const installed = ({ target }: PlannedFile): boolean => targets.has(target);
  return plan.files.flatMap((planned) => {
    const file = tree.show(planned.target);
    const shared = ossecs.has(planned.emitted?.path ?? "");
    const content = shared || planned.target.endsWith(".manifest.json") ? [] : contentChanges(planned, file);
    return [
      ...withPatch(
        withDirection(content, wayBack(planned, file), () => installed(planned)),
        planned,
        file,
      ),
      ...modeChanges(planned, file),
    ];
  });
}

function withPatch(
  changes: readonly Change[],
  { before, after }: PlannedFile,
  file: string,
): readonly Change[] {
  const [first, ...rest] = changes;
  if (first === undefined || before === null || after === null) return changes;
  const patch = patchOf(file, textOf(before), textOf(after));
  return patch === "" ? changes : [{ ...first, patch }, ...rest];
}

/** What putting the host's own version back would change. */
function wayBack({ before, after, ...rest }: PlannedFile, file: string): readonly Change[] {
  if (before !== null && after !== null)
    return contentChanges({ ...rest, before: { ...before, bytes: after.bytes }, after: before }, file);
  if (after === null || rest.emitted === null) return [];
  // It is missing there.
  const id = basename(rest.target);
  const what = whatOf(rest.emitted.reader, id);
  return [change({ kind: "delete", what, id, file, summary: `${id} goes`, weakens: true })];
}

function contentChanges(planned: PlannedFile, file: string): readonly Change[] {
  const { before, after, emitted, target } = planned;
  const id = basename(target);
  if (after === null)
    return [
      change({
        kind: "delete",
        what: id.endsWith(".zeek") ? "zeek" : "file",
        id,
        file,
        summary: `${id} is not built any more`,
        weakens: id.endsWith(".zeek") && id !== "__load__.zeek",
        security: true,
      }),
    ];
  const [old, now] = [textOf(before), textOf(after)];
  if (emitted === null) {
    // What an older version left in a file that it shared.
    return old === now
      ? []
      : /<[^>]+>/.test(old) && target.endsWith("pf.conf")
        ? comparePf(old, now, file)
        : compareLines(old, now, file, id);
  }
  if (emitted.reader === "pf" && before !== null) return comparePf(old, now, file);
  if (before === null)
    return [
      change({
        kind: "create",
        what: whatOf(emitted.reader, id),
        id,
        file,
        summary: `${id} is not there`,
        security: true,
      }),
    ];
  switch (emitted.reader) {
    case "zeek":
      return compareZeek(old, now, file, id);
    case "iplog":
      return compareIplog(old, now, file);
    case "execd":
    case "ipfw":
      return compareScript(old, now, file, id, emitted.reader === "ipfw");
    default:
      return compareLines(old, now, file, id, emitted.reader === "nftables" || emitted.reader === "iptables");
  }
}

function whatOf(reader: string, id: string): string {
  if (id.endsWith(".sh")) return "script";
  return reader === "zeek" || reader === "pf" || reader === "iplog" ? reader : "file";
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}

function modeChanges({ before, after, owner, target }: PlannedFile, file: string): readonly Change[] {
  if (before === null || after === null || target.endsWith(".manifest.json")) return [];
  const id = basename(target);
  const changes: Change[] = [];
  if (before.mode !== after.mode) {
    const lostRun = (after.mode & 0o100) !== 0 && (before.mode & 0o100) === 0;
    const open = (before.mode & ~after.mode & 0o022) !== 0;
    const why = lostRun ? ": it cannot be run as it is" : open ? ": others may write it as it is" : "";
    changes.push(
      change({
        kind: "change",
        what: "mode",
        id,
        file,
        summary: `${id}: mode ${octal(before.mode)} → ${octal(after.mode)}${why}`,
        weakens: (after.mode & ~before.mode & 0o022) !== 0,
        security: true,
      }),
    );
  }
  if (owner !== null && (owner.uid !== before.uid || owner.gid !== before.gid))
    changes.push(
      change({
        kind: "change",
        what: "owner",
        id,
        file,
        summary: `${id}: owner ${before.uid}:${before.gid} → ${owner.uid}:${owner.gid}`,
        security: true,
      }),
    );
  return changes;
}
