import { formatAddress, formatPrefix, parsePrefix } from "../../firewall/address.js";
import { alwaysRefused, type Protected } from "../../firewall/guard.js";
import { blockPrefix } from "../../firewall/prefix.js";
import type { Model, PrefixModel } from "../../model/model.js";
import { commentLine, sharedEscapes, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { installed, suiteOf } from "../ossec/suite.js";
import { packetFilter } from "../packet-filters.js";
import { type EscapeHelper, renderer } from "../render.js";
import { blockScript, expiryLimit } from "./places.js";

/** Execd has the locale C, in which yash cannot read other letters, not even in a comment. */
const shellComment: EscapeHelper = (value) => commentLine(value).replace(/[^ -~]/gu, "?");

/** Escapes of the script's templates. */
export const scriptEscapes = { ...sharedEscapes, shellComment };

const render = renderer("script", scriptEscapes);

/** firewall-drop.sh: only the backends of the bundle's firewalls are in it. */
export function emitScript(model: Model): readonly EmittedFile[] {
  if (model.firewalls.length === 0) return [];
  const dry = model.firewalls.some(({ kind }) => kind === "dryRun");
  return [
    scriptFile(model, {
      path: blockScript,
      command: model.ossec.command,
      executable: model.ossec.executable,
      purpose: null,
      // A dry run has nothing that could be forgotten.
      limit: dry ? null : expiryLimit(model),
      ends: true,
      done: dry ? "would-block" : "blocked",
      undone: dry ? "would-unblock" : "unblocked",
      prefix: blockPrefix(model),
      backends: model.firewalls.map((firewall) => ({
        name: firewall.kind,
        settings: packetFilter(model, firewall).settings,
      })),
    }),
  ];
}

/** One of a bundle's response scripts: they have everything in common but what they do with the address. */
export interface ScriptSettings {
  /** Below the bundle's output folder. */
  readonly path: string;
  readonly command: string;
  readonly executable: string;
  /** The first line of the script; null: it blocks. */
  readonly purpose: string | null;
  /** Seconds after which `--expire` ends a block; null: it has nothing to end. */
  readonly limit: number | null;
  /** How many bits are blocked; null: the address alone. */
  readonly prefix: PrefixModel | null;
  /** Whether execd asks for a delete later: Wazuh's then waits to be asked about the address. */
  readonly ends: boolean;
  /** What the log says of an add and of a delete. */
  readonly done: string;
  readonly undone: string;
  /** The templates with the functions NAME_block, NAME_unblock, NAME_list …, in this order. */
  readonly backends: readonly {
    readonly name: string;
    readonly settings: Readonly<Record<string, unknown>>;
  }[];
}

export function scriptFile(model: Model, script: ScriptSettings): EmittedFile {
  const { command, executable, purpose, limit, ends, done, undone, prefix } = script;
  const { suite, execd, jsonMessages } = suiteOf(model.ossec);
  const head = render("head.sh", {
    suite,
    execd,
    jsonMessages,
    bundle: model.name,
    command,
    executable,
    purpose,
    // Not in logs/: that folder belongs to OSSEC's own user, who could plant a link for root to follow.
    log: `${model.ossec.home}/active-response/${command}.log`,
    limit,
    prefix: prefix !== null,
    always: alwaysRefused.map(entry),
    neverBlock: model.neverBlock.map(entry),
  });
  const backends = script.backends.map(({ name, settings }) => render(`${name}.sh`, settings));
  const messages = jsonMessages ? render("wazuh.sh", { asks: ends }) : "";
  const networks =
    prefix === null
      ? ""
      : render("prefix.sh", { ...prefix, held: `/var/run/${command}`, limit: expiryLimit(model) });
  const tail = render("tail.sh", {
    jsonMessages,
    asks: ends && jsonMessages,
    prefix: prefix !== null,
    done,
    undone,
    backends: script.backends.map(({ name }) => name),
    neverBlock: model.neverBlock.map(entry),
  });
  return {
    path: script.path,
    content: [head, messages, networks, ...backends, tail].join(""),
    mode: 0o750,
    target: `${model.ossec.home}/active-response/bin/${executable}`,
    ...installed(model.ossec),
    reader: "execd",
    merge: "file",
  };
}

/** The script reads `ADDRESS/LENGTH` only; `first` is the network's first address. */
function entry({ network, name }: Protected): Readonly<Record<string, unknown>> {
  const prefix = parsePrefix(network);
  if (prefix === null) throw unfit("neverBlock", network);
  return { network: formatPrefix(prefix), first: formatAddress(prefix), name };
}
