/** What of ossec.conf becomes part of a bundle: who is blocked, by what, and who never is. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import type { Firewall } from "../../dsl/firewall.js";
import type { NamedNetwork, Network } from "../../dsl/network.js";
import type { BlockResponse, Response, When, Where } from "../../dsl/response.js";
import type { ActiveResponseDefinition, LoadedOssec, ResponseLocation } from "../../ossec/definitions.js";
import { readXml } from "../../ossec/xml/read.js";
import { type SourceRange, spanOf } from "../../ossec/xml/source.js";
import { codes } from "../codes.js";
import type { Drafted, Refused } from "../draft.js";
import { addressText } from "./conditions.js";
import { commentText } from "./layout.js";
import { levelOf, seconds } from "./rule-detection.js";

export interface ImportedConf {
  readonly firewall: Firewall | readonly [Firewall, Firewall] | null;
  readonly neverBlock: readonly Drafted<Network | NamedNetwork>[];
  readonly responses: readonly Drafted<Response>[];
  readonly refused: readonly Refused[];
}

/**
 * @param nameOf - the detection that a rule became
 * @param known - problems of responses, by file and line
 * @param saidOf - what lint finds there
 */
export function confOf(
  loaded: LoadedOssec,
  bundle: string,
  nameOf: (id: number) => string | undefined,
  known: ReadonlyMap<string, Problem>,
  saidOf: (place: Span) => readonly string[],
): ImportedConf {
  const { conf, written } = loaded;
  const refused: Refused[] = [];
  const above = new CommentsAbove(loaded);
  const neverBlock: Drafted<Network | NamedNetwork>[] = [];
  for (const [index, entry] of conf.whiteList.entries()) {
    const place = written.whiteList[index];
    if (place === undefined) continue;
    const address = entry.address === null ? null : addressText(entry.address);
    if (address === null)
      refused.push({
        what: `white_list ${entry.text}`,
        place: spanOf(place),
        reason: "a list of networks that are never blocked holds addresses and prefixes alone",
        help: "Write the addresses that it stands for into neverBlock.",
      });
    else
      neverBlock.push({
        value: address,
        comments: above.of(place),
        origin: { place: spanOf(place), rules: [] },
      });
  }
  const blocks: Blocks[] = [];
  for (const [index, response] of conf.activeResponses.entries()) {
    const place = written.responses[index];
    if (place === undefined) continue;
    const span = spanOf(place);
    const what = `active-response ${response.command.name}`;
    const made = conf.execdOn && conf.activeResponseOn ? blocksOf(response, nameOf) : switchedOff;
    const firewall = firewallOf(response.command.executable, bundle);
    const comments = [...above.of(place), ...saidOf(wholeOf(place))];
    if (firewall === null) refused.push({ what, place: span, ...noFilter(response) });
    else if ("reason" in made) refused.push({ what, place: span, ...made });
    else {
      const problem = known.get(`${span.file}:${span.line}`);
      if (problem !== undefined) refused.push({ what, place: span, ...problem });
      else blocks.push({ firewall, what, place: span, values: made, comments });
    }
  }
  const { firewalls, kept, others } = byFirewall(blocks);
  for (const { what, place } of others)
    refused.push({
      what,
      place,
      reason:
        "a bundle's blocks go to each of its packet filters, and this one blocks for other rules than the rest",
      help: "It can stay in ossec.conf as it is.",
    });
  const responses = kept.flatMap(({ values, comments, place }) =>
    values.map(
      (value, nth): Drafted<BlockResponse<string>> => ({
        value,
        comments: nth === 0 ? comments : [],
        origin: { place, rules: [] },
      }),
    ),
  );
  const escalate = conf.repeatedOffenders
    .filter((minutes) => minutes > 0)
    .map((minutes) => seconds(minutes * 60));
  const [first, second] = firewalls;
  const [block] = kept;
  if (block !== undefined && neverBlock.length === 0)
    neverBlock.push({
      value: "127.0.0.1",
      comments: ["There is no white_list: name the host's own addresses, and where you administer it from."],
      origin: { place: block.place, rules: [] },
    });
  return {
    firewall: first === undefined ? null : second === undefined ? first : [first, second],
    neverBlock,
    responses:
      escalate.length === 0
        ? responses
        : responses.map((one) => ({ ...one, value: { ...one.value, escalate } })),
    refused,
  };
}

/** The blocks of one `<active-response>`. */
interface Blocks {
  readonly firewall: Firewall;
  readonly what: string;
  readonly place: Span;
  readonly values: readonly BlockResponse<string>[];
  readonly comments: readonly string[];
}

/** The packet filters of a bundle: that of most blocks, and a second one whose blocks are the same. */
function byFirewall(blocks: readonly Blocks[]): {
  readonly firewalls: readonly Firewall[];
  readonly kept: readonly Blocks[];
  readonly others: readonly Blocks[];
} {
  const byKind = new Map<string, Blocks[]>();
  for (const one of blocks) byKind.set(one.firewall.kind, [...(byKind.get(one.firewall.kind) ?? []), one]);
  const [main = [], ...more] = [...byKind.values()].sort((one, other) => other.length - one.length);
  const said = (some: readonly Blocks[]): string =>
    some
      .flatMap(({ values }) => values.map((value) => JSON.stringify(value)))
      .sort()
      .join();
  const second = more.find((some) => said(some) === said(main));
  return {
    firewalls: [main, second ?? []].flatMap(([first]) => (first === undefined ? [] : [first.firewall])),
    kept: main,
    others: more.flatMap((some) => (some === second ? [] : some)),
  };
}

/** Why a part did not come over, and what to do about it. */
export interface Problem {
  readonly reason: string;
  readonly help?: string;
}

const switchedOff: Problem = {
  reason: "active responses are switched off in this ossec.conf",
  help: "Nothing blocks now; a response of the bundle would.",
};

function noFilter({ command }: ActiveResponseDefinition): Problem {
  const script = scriptOf(command.executable);
  if (script === "host-deny")
    return {
      reason: "host-deny writes into hosts.deny, and a bundle blocks in packet filters",
      help: 'It can stay in ossec.conf as it is; a block by the packet filter holds it off too: { kind: "block", … }.',
    };
  return {
    reason: `it runs ${command.executable}, and a bundle blocks in packet filters alone`,
    help: 'It can stay in ossec.conf as it is; { kind: "notify", run: […] } runs a program with other arguments.',
  };
}

function scriptOf(executable: string): string {
  return executable.replace(/^.*\//, "").replace(/\.sh$/, "");
}

/** The packet filter that a script of OSSEC's or Wazuh's own works on. */
function firewallOf(executable: string, bundle: string): Firewall | null {
  switch (scriptOf(executable)) {
    case "firewall-drop":
      return { kind: "iptables", set: `${bundle.replaceAll("-", "_").slice(0, 18)}_blocked` };
    case "pf":
      return { kind: "pf", table: "ossec_fwtable" };
    case "ipfw":
      return { kind: "ipfw", table: 1 };
    case "route-null":
      return { kind: "routeNull" };
    default:
      return null;
  }
}

const places: Readonly<Record<Exclude<ResponseLocation, "defined-agent">, Where>> = {
  local: "sensor",
  server: "gateway",
  all: "agents",
};

function blocksOf(
  response: ActiveResponseDefinition,
  nameOf: (id: number) => string | undefined,
): readonly BlockResponse<string>[] | Problem {
  const { level, rulesId, rulesGroup, timeout, locations, agentId } = response;
  if (timeout === 0)
    return {
      reason: "it blocks for ever, and a block of a bundle ends",
      help: "Write a block with a time, or put the address into the packet filter yourself.",
    };
  const whens: (When<string> & { readonly alsoStockRules?: true })[] = [];
  if (level > 0) {
    const known = levelOf(level);
    if (known === null) return { reason: `it starts at level ${level}, which no rule of a bundle has` };
    if (known < 5)
      return {
        reason: `it starts at level ${level}, and those of every day have that: a bundle refuses responses below level 5`,
        help: "Block on the rules that are meant.",
      };
    whens.push({ level: known, alsoStockRules: true });
  }
  const hosts = rulesId.filter((id) => nameOf(id) === undefined);
  for (const id of rulesId) {
    const detection = nameOf(id);
    if (detection !== undefined) whens.push({ detection });
  }
  if (hosts.length > 0) whens.push({ rule: hosts });
  if (rulesGroup !== null) {
    const names = groupNames(rulesGroup.text);
    if (names === null)
      return { reason: `its rules_group ${rulesGroup.text} is a pattern, and the language names groups` };
    for (const group of names) whens.push({ group, alsoStockRules: true });
  }
  if (whens.length === 0) return { reason: "nothing starts it" };
  const where = locations.map(
    (one): Where => (one === "defined-agent" ? { agent: agentId ?? "" } : places[one]),
  );
  return whens.flatMap((when) =>
    where.map(
      (place): BlockResponse<string> => ({
        kind: "block",
        when,
        for: seconds(timeout),
        ...(place === "sensor" ? {} : { where: place }),
      }),
    ),
  );
}

/** Names between `|`, each perhaps with its comma; null where it is more. */
function groupNames(text: string): readonly string[] | null {
  const names = text.split("|").map((name) => name.replace(/,$/, ""));
  return names.every((name) => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) ? names : null;
}

/** The element whose opening tag is at the place. */
function wholeOf(place: SourceRange): Span {
  const closing = "</active-response>";
  const at = place.source.text.indexOf(closing, place.start);
  return spanOf(at < 0 ? place : { ...place, end: at + closing.length });
}

/** Comments of ossec.conf that stand right above something. */
class CommentsAbove {
  readonly #loaded: LoadedOssec;
  readonly #byFile = new Map<string, readonly { readonly start: number; readonly end: number }[]>();

  constructor(loaded: LoadedOssec) {
    this.#loaded = loaded;
  }

  of({ source, start }: SourceRange): readonly string[] {
    const known =
      this.#byFile.get(source.file) ??
      readXml(source, { dialect: this.#loaded.dialect, variables: false }).comments;
    this.#byFile.set(source.file, known);
    const found: string[] = [];
    // Where the content is meant: before its opening tag.
    const opening = source.text.lastIndexOf("<", start);
    let at = /^<[^>]*>\s*$/.test(source.text.slice(opening, start)) ? opening : start;
    for (const { start: from, end } of [...known].reverse()) {
      if (end > at) continue;
      if (source.text.slice(end, at).trim() !== "") break;
      found.unshift(commentText(source.text.slice(from, end)));
      at = from;
    }
    return found.filter((text) => text !== "");
  }
}

/** Sections that a bundle is made from. */
const sections: ReadonlySet<string> = new Set(["rules", "ruleset", "command", "active-response"]);

/** What of an ossec.conf is no part of a bundle: which logs are read, what else is watched, who gets mails. */
export function staysOf({ written, dialect }: LoadedOssec): readonly Diagnostic[] {
  return written.files.flatMap((source): readonly Diagnostic[] => {
    if (!source.text.includes("<ossec_config")) return [];
    const { roots } = readXml(source, { dialect, variables: false });
    const others = roots
      .filter(({ name }) => name === "ossec_config")
      .flatMap(({ children }) => children.filter(({ name }) => !sections.has(name)));
    const counts = new Map<string, number>();
    for (const { name } of others) counts.set(name, (counts.get(name) ?? 0) + 1);
    const [first] = others;
    if (first === undefined) return [];
    const shown = [...counts].map(([name, count]) => `<${name}>${count === 1 ? "" : ` (${count})`}`);
    return [
      codes.stays(
        spanOf(first.opening),
        `${shown.join(", ")}: no part of a bundle${counts.has("global") ? " but for the white list" : ""}; they stay in ossec.conf, and go on as they are`,
        counts.has("localfile")
          ? 'A bundle reads the logs that the host reads. One that it needs besides is said by its detection: log: "/var/log/app.log".'
          : undefined,
      ),
    ];
  });
}

/** The settings of the engine that ossec.conf and the home show. */
export function engineOf(
  loaded: LoadedOssec,
  homes: readonly string[],
): { readonly home: string; readonly installation?: "server"; readonly decodersFirst?: true } {
  const installed = homes.find((home) => isAbsolute(home) && existsSync(join(home, "bin")));
  const conf = loaded.written.files.filter(({ text }) => text.includes("<ossec_config"));
  const isServer = conf.some(({ text }) => /<remote[\s>]/.test(text.replace(/<!-*[\s\S]*?(?:-->|!>)/g, "")));
  const order = loaded.conf.decoders.map(({ path }) => path);
  const own = order.indexOf("etc/local_decoder.xml");
  const shipped = order.indexOf("etc/decoder.xml");
  return {
    home: installed ?? "/var/ossec",
    ...(isServer ? { installation: "server" } : {}),
    ...(own >= 0 && shipped > own ? { decodersFirst: true } : {}),
  };
}
