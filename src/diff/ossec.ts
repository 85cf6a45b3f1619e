import type { CompiledBundle } from "../compiler/compile.js";
import { findConflicts } from "../deploy/conflicts.js";
import { type HostTree, ossecSource } from "../deploy/host-tree.js";
import { type Plan, type PlannedFile, textOf } from "../deploy/plan.js";
import { childValue, findBlocks, type OssecFileKind, xmlMarkers } from "../merge/merge.js";
import { homeFiles } from "../merge/merge-home.js";
import { parseAddressEntry } from "../ossec/addresses/address.js";
import type { Dialect } from "../ossec/dialect.js";
import type { XmlElement } from "../ossec/xml/document.js";
import { readXml } from "../ossec/xml/read.js";
import { sourceText } from "../ossec/xml/source.js";
import { dialectOf } from "../targets/ossec/dialect.js";
import { compareNeverBlock, type EntryReader } from "./address-sets.js";
import { type Change, change, type Unmanaged } from "./change.js";
import { withDirection } from "./direction.js";
import { differences, type Entry, entriesOf, type Pair } from "./entries.js";
import { elementChanges, ruleSentence, type Worlds } from "./rule-sentence.js";

export interface OssecDifferences {
  readonly changes: readonly Change[];
  readonly unmanaged: readonly Unmanaged[];
}

/**
 * OSSEC's shared files as rules, decoders, commands, responses and settings. What lies there is compared with
 * what a deploy would make of it, so that everything of others is the same on both sides.
 */
export function compareOssec(
  bundle: CompiledBundle,
  tree: HostTree,
  plan: Plan,
  worlds: Worlds,
): OssecDifferences {
  const changes: Change[] = [];
  const unmanaged: Unmanaged[] = [];
  const { home } = bundle.model.ossec;
  const dialect = dialectOf(bundle.model.ossec);
  for (const { path, kind, shared } of homeFiles(bundle.model)) {
    const planned = plan.files.find(({ target }) => target === `${home}/${path}`);
    if (planned === undefined || planned.after === null) continue;
    const file = tree.show(planned.target);
    const before = read(textOf(planned.before), kind, dialect);
    const afterText = textOf(planned.after);
    const after = read(afterText, kind, dialect);
    const [block] = findBlocks(afterText, xmlMarkers(bundle.model.name));
    const ours = ({ element }: Entry): boolean =>
      !shared || (block !== undefined && element.start >= block.start && element.end <= block.end);
    for (const one of after) if (!ours(one)) unmanaged.push({ what: one.what, id: shown(one.id), file });
    const armed = before.some(
      (one) => one.what === "active-response" && bundle.manifest.owns.commands.includes(one.id),
    );
    const pairs = differences(before, after).filter(
      ({ before: old, after: now }) => (old ?? now)?.what !== "never-block",
    );
    const installed = wasInstalled(plan);
    for (const pair of pairs) {
      const back = { before: pair.after, after: pair.before };
      const exchanged = { before: worlds.after, after: worlds.before };
      changes.push(
        ...withDirection([sentence(pair, file, worlds)], [sentence(back, file, exchanged)], installed),
      );
    }
    const never = (entries: readonly Entry[]): readonly string[] =>
      entries.filter(({ what }) => what === "never-block").map(({ id }) => shown(id));
    changes.push(
      ...compareNeverBlock(
        never(before),
        never(after),
        file,
        "the never-block list",
        armed,
        whiteListed(dialect),
      ),
    );
    if (kind === "conf") changes.push(...narrower(planned, before, after, file));
  }
  return { changes: [...conflicts(bundle, tree, plan), ...changes], unmanaged };
}

function read(text: string, kind: OssecFileKind, dialect: Dialect): readonly Entry[] {
  return entriesOf(readXml(sourceText("", text), { dialect, variables: kind !== "conf" }), kind);
}

/** Wazuh takes IPv6 networks for names of hosts. */
function whiteListed({ conf }: Dialect): EntryReader {
  return (text) => {
    const entry = conf.whiteListEntry(text);
    return typeof entry === "string" ? null : entry;
  };
}

function shown(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Whether the version that lies on the host had an entry. */
function wasInstalled({ deployed, files }: Plan): (one: Change) => boolean {
  return ({ what, id }) => {
    if (deployed === null) return false;
    switch (what) {
      case "rule":
        return deployed.owns.ruleIds.includes(Number(id));
      case "decoder":
        return deployed.owns.decoders.includes(id);
      case "command":
      case "active-response":
        return deployed.owns.commands.includes(id);
      default:
        return files.some(({ target }) => deployed.files.some((file) => file.target === target));
    }
  };
}

function sentence({ before, after }: Pair, file: string, worlds: Worlds): Change {
  const one = after ?? before;
  const what = one?.what ?? "setting";
  const id = shown(one?.id ?? "");
  const base = { what, id, file };
  if (before !== null && after !== null) return changed(before, after, base, worlds);
  if (after !== null)
    return change({ ...base, kind: "create", summary: `${label(after)} is new: ${purpose(after)}` });
  return change({
    ...base,
    kind: "delete",
    summary: `${one === null ? what : label(one)} goes: ${one !== null && onlyList(one) ? "blocks do not grow any more" : loss(what)}`,
    weakens: true,
  });
}

/** An active response without a command only holds execd's list of repeated offenders (docs/reference/ossec.md#active-response). */
function onlyList({ what, element }: Entry): boolean {
  return what === "active-response" && childValue(element, "command") === "";
}

function label(entry: Entry): string {
  if (onlyList(entry)) return "the list of repeated offenders";
  // A bundle has a response for each cause, all with one command.
  const cause =
    entry.what === "active-response" ? ` (${armedBy(entry.element)}${runsOn(entry.element)})` : "";
  return `${name(entry.what)} ${shown(entry.id)}${cause}`;
}

function name(what: string): string {
  return (
    { "active-response": "the active response", localfile: "the log file", command: "the command" }[what] ??
    what
  );
}

function purpose(entry: Entry): string {
  const { what, element } = entry;
  switch (what) {
    case "rule":
      return `level ${element.attributes.find((one) => one.name === "level")?.value ?? "?"}, ${shown(childValue(element, "description"))}`;
    case "decoder":
      return childValue(element, "parent") === ""
        ? "reads the bundle's lines"
        : `below ${childValue(element, "parent")}`;
    case "command":
      return `runs ${childValue(element, "executable")}`;
    case "active-response":
      return onlyList(entry)
        ? `${childValue(element, "repeated_offenders")} minutes for later blocks of a source`
        : seconds(childValue(element, "timeout"));
    case "localfile":
      return "it is read";
    default:
      return "it is added";
  }
}

function loss(what: string): string {
  switch (what) {
    case "rule":
      return "it does not alert any more";
    case "decoder":
      return "its lines are not understood any more";
    case "command":
    case "active-response":
      return "nothing is blocked by it any more";
    case "localfile":
      return "it is not read any more";
    default:
      return "it is taken out";
  }
}

function armedBy(response: XmlElement): string {
  const level = childValue(response, "level");
  const ids = childValue(response, "rules_id");
  const group = childValue(response, "rules_group");
  // What zopf writes for the group recon is an expression that begins so; others' are shown as they are.
  const named = /^\^([^,|]+),\|/.exec(group)?.[1] ?? group;
  if (ids !== "") return `rules ${ids}`;
  if (level !== "") return `every rule from level ${level}`;
  return group !== "" ? `every rule of the group ${shown(named)}` : "every rule";
}

function runsOn(response: XmlElement): string {
  switch (childValue(response, "location")) {
    case "server":
      return ", on the server";
    case "all":
      return ", on all agents";
    case "defined-agent":
      return `, on agent ${shown(childValue(response, "agent_id"))}`;
    default:
      return "";
  }
}

function seconds(text: string): string {
  const value = Number.parseInt(text, 10);
  return Number.isNaN(value) || value === 0 ? "without a timeout" : `for ${value} s`;
}

type Base = Pick<Change, "what" | "id" | "file">;

function changed(before: Entry, after: Entry, base: Base, worlds: Worlds): Change {
  if (after.what === "rule")
    return change({ ...base, kind: "change", ...ruleSentence(before, after, worlds) });
  const parts = elementChanges(before.element, after.element).join("; ");
  const summary = `${label(after)}: ${parts === "" ? "changes" : parts}`;
  const security = after.what !== "setting";
  if (after.what !== "active-response") return change({ ...base, kind: "change", summary, security });
  return change({
    ...base,
    kind: "change",
    summary,
    security,
    weakens: weakerResponse(before.element, after.element),
  });
}

/** Shorter, armed by fewer rules, switched off, or run elsewhere. */
function weakerResponse(before: XmlElement, after: XmlElement): boolean {
  const number = (element: XmlElement, key: string): number =>
    Number.parseInt(childValue(element, key), 10) || 0;
  const length = (element: XmlElement): number => number(element, "timeout") || Number.POSITIVE_INFINITY;
  const ids = (element: XmlElement): readonly string[] =>
    childValue(element, "rules_id")
      .split(/[\s,]+/)
      .filter((id) => id !== "");
  const lost = ids(before).some((id) => !ids(after).includes(id)) && number(after, "level") === 0;
  const narrowed = ids(before).length === 0 && ids(after).length > 0 && number(after, "level") === 0;
  const off = (element: XmlElement): boolean => childValue(element, "disabled") === "yes";
  return (
    length(after) < length(before) ||
    (number(after, "level") > number(before, "level") && ids(after).length === 0) ||
    lost ||
    narrowed ||
    (off(after) && !off(before)) ||
    (childValue(before, "location") !== childValue(after, "location") &&
      childValue(after, "location") !== "all")
  );
}

/** A network that others protect in part only, while the bundle wants it whole. */
function narrower(
  { before }: PlannedFile,
  old: readonly Entry[],
  wanted: readonly Entry[],
  file: string,
): readonly Change[] {
  if (before === null) return [];
  const known = new Set(old.filter(({ what }) => what === "never-block").map(({ id }) => id));
  return wanted
    .filter(({ what, id }) => what === "never-block" && !known.has(id))
    .flatMap(({ id }) => {
      const whole = parseAddressEntry(id);
      if (whole === null) return [];
      const part = [...known].find((other) => isPart(other, id));
      return part === undefined
        ? []
        : [
            change({
              kind: "conflict",
              what: "never-block",
              id,
              file,
              summary: `the white list holds ${part}, which is narrower than the bundle's ${id}`,
              security: true,
            }),
          ];
    });
}

function isPart(inner: string, outer: string): boolean {
  const [network = "", length = ""] = outer.split("/");
  const [address = "", own] = inner.split("/");
  if (length === "" || network.includes(":") !== address.includes(":")) return false;
  if (own !== undefined && Number(own) <= Number(length)) return false;
  const bits = (text: string): string | null => {
    if (text.includes(":")) return null;
    const octets = text.split(".").map(Number);
    if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255))) return null;
    return octets.map((octet) => octet.toString(2).padStart(8, "0")).join("");
  };
  const [one, other] = [bits(network), bits(address)];
  return one !== null && other !== null && one.slice(0, Number(length)) === other.slice(0, Number(length));
}

function conflicts(bundle: CompiledBundle, tree: HostTree, plan: Plan): readonly Change[] {
  const { home } = bundle.model.ossec;
  return findConflicts({
    source: ossecSource(tree, home),
    model: bundle.model,
    owns: bundle.manifest.owns,
    deployed: plan.deployed,
  }).map(({ what, id, path, line, summary }) =>
    change({
      kind: "conflict",
      what,
      id: shown(id),
      file: tree.show(`${home}/${path}`),
      summary: `${shown(summary)} (line ${line})`,
      weakens: what === "include" || summary.includes("overwritten"),
      security: true,
    }),
  );
}
