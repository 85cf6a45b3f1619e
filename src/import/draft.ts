/**
 * What an import makes of the files it was given, before it becomes TypeScript. Every source (OSSEC and Wazuh XML,
 * fail2ban, Sigma, what zopf emitted) produces a {@link Draft}; the writer and the proof read it. Values are those of the
 * DSL, as `defineBundle` gets them.
 */
import type { Diagnostic, Span } from "../diagnostics/diagnostic.js";
import type { Bundle, OssecSettings, ZeekSettings } from "../dsl/bundle.js";
import type { Detection } from "../dsl/detection.js";
import type { Firewall } from "../dsl/firewall.js";
import type { ValueList } from "../dsl/list.js";
import type { NamedNetwork, Network } from "../dsl/network.js";
import type { RawXml } from "../dsl/raw.js";
import type { Response } from "../dsl/response.js";
import type { Targets } from "../dsl/targets.js";
import type { DeclaredLog } from "../dsl/zeek-log.js";
import type { InputFile } from "../lint/input.js";
import type { PlanOptions } from "../lint/plan.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import type { CompiledDraft, CompiledFiles } from "./compile-draft.js";
import type { Proof } from "./proof/prove.js";
import type { ProveOptions } from "./proof/prove-import.js";
import type { Emitted } from "./proof/surroundings.js";
import type { Document } from "./writer/document.js";

/** Where a part of the draft stood in the files that were given. */
export interface Origin {
  readonly place: Span;
  /** Ids of the rules it was made from; none for what is no rule. */
  readonly rules: readonly number[];
}

/** A value with what is said about it in comments above it. */
export interface Drafted<T> {
  readonly value: T;
  /**
   * Texts for `//` comments, each a paragraph: those of the source, findings of lint with their codes. Whatever they
   * hold, it stays text: the writer sees to it.
   */
  readonly comments: readonly string[];
  readonly origin: Origin;
  /** What others need, and no rule of the source became: no report counts it. */
  readonly isGround?: true;
}

/** Decoders and rules that the language has no form for. */
export interface DraftedRaw extends Drafted<RawXml> {
  /** Why: it becomes a comment, and the report counts rules by it. */
  readonly because: string;
}

/** A value that has a name: the writer writes it wherever that value stands in such a place of the file. */
export type DraftConstant =
  | {
      /** Id of a rule: in `under`, `of`, `first`, `next`, `when`. */
      readonly kind: "rule";
      /** A wish: the writer makes it an identifier that is not taken. */
      readonly name: string;
      readonly value: number;
      readonly comments: readonly string[];
    }
  | {
      readonly kind: "value";
      /** Of this property alone: `within`, `for`, `ignore`, `escalate`, `srcip`. */
      readonly property: string;
      readonly name: string;
      readonly value: string | readonly string[];
    };

/** One file of TypeScript; where there is only one, it is the bundle's file itself. */
export interface DraftModule {
  /** A wish for the file's name: `sshd_rules`. */
  readonly name: string;
  /** At the head of the file: where it came from. */
  readonly comments: readonly string[];
  readonly constants: readonly DraftConstant[];
  /** In the order in which their rules stood: among siblings that is meaning. */
  readonly detections: readonly Drafted<Detection>[];
  readonly raw: readonly DraftedRaw[];
}

/** A part that did not come over. */
export interface Refused {
  /** What it is, in the words of its source: `rule 100200`, `jail sshd`. */
  readonly what: string;
  readonly place: Span;
  readonly reason: string;
  /** What to do about it. */
  readonly help?: string;
  /** Ids of its rules; the report counts them. */
  readonly rules?: readonly number[];
  /** It is wrong by itself, not only without a form here: an error. */
  readonly isBroken?: true;
}

export interface DraftSettings {
  /** The bundle's name. */
  readonly name: string;
  readonly ossec: OssecSettings;
  readonly zeek?: ZeekSettings;
  readonly firewall?: Firewall | readonly [Firewall, Firewall];
  /** In the place of `firewall`. */
  readonly targets?: Targets;
  readonly neverBlock: readonly Drafted<Network | NamedNetwork>[];
  readonly ownAddresses: readonly Drafted<Network | NamedNetwork>[];
}

export interface Draft {
  readonly settings: DraftSettings;
  /** At the head of the bundle's file. */
  readonly comments: readonly string[];
  readonly modules: readonly DraftModule[];
  /** Files that the engine does not load: modules beside the bundle's own, which it does not use. */
  readonly unused?: readonly DraftModule[];
  /** Lists that conditions name: the same object there and here. */
  readonly lists: readonly Drafted<ValueList>[];
  readonly responses: readonly Drafted<Response>[];
  /** Of the responses. */
  readonly constants?: readonly DraftConstant[];
  readonly refused: readonly Refused[];
  /** The functions in the values; absent where no value holds one. */
  readonly functions?: DraftFunctions;
  /** Rule ids that zopf chose before, by detection: they go into the lock file. */
  readonly ids?: ReadonlyMap<string, number>;
  /** Logs that detections on rows declare: the same object there and here. */
  readonly logs?: readonly DeclaredLog[];
}

/** The files of OSSEC or Wazuh that an import was made from, and how they are loaded: for the proof. */
export interface OldFiles {
  /** With the safe fixes, where those were wanted, and without what the engine refuses. */
  readonly files: readonly InputFile[];
  /** The same files as they were given, where something of them is not in {@link OldFiles.files}. */
  readonly given?: readonly InputFile[];
  /** Without them, where there were some: what the bundle has to answer like. */
  readonly unfixed?: readonly InputFile[];
  /** Paths of those whose rules and decoders came over. */
  readonly imported: readonly string[];
  /** Those of the paths that are an installation. */
  readonly homes: readonly string[];
  readonly plan: PlanOptions;
  /** How the engine loads what the bundle has to answer like, without a home; where it is missing it has yet to be loaded. */
  readonly loaded?: LoadedOssec;
}

/** A file that the engine does not load, as a bundle of its own. */
export interface UnusedFile {
  readonly draft: Draft;
  readonly compiled: CompiledDraft;
  readonly old: OldFiles;
}

/** TypeScript of functions, and what it needs around it. */
export interface DraftFunctions {
  readonly texts: ReadonlyMap<object, Document>;
  /** Constants that they name, in the order in which they can be declared: `limit`, `5`. */
  readonly constants: readonly { readonly name: string; readonly text: string }[];
  /** What they need of zopf: `Site`, `type Connection`. */
  readonly imports: readonly string[];
}

/** What a source makes of its files: a draft (null: nothing came over) and what there is to say. */
export interface Imported {
  readonly draft: Draft | null;
  /** What did not come over, where there is no draft. */
  readonly refused?: readonly Refused[];
  /** Of broken files and the like; parts that did not come over are in the draft. */
  readonly diagnostics: readonly Diagnostic[];
  /** The draft compiled, where the source has done that already. */
  readonly compiled?: CompiledDraft;
  /** The same, of a source that has compiled what is written. */
  readonly emitted?: CompiledFiles;
  /** Of OSSEC's and Wazuh's files alone. */
  readonly old?: OldFiles;
  /** What {@link Draft.unused} was made from; each is proven by itself. */
  readonly unused?: readonly UnusedFile[];
  /** Of sources that no engine of OSSEC's runs: what was emitted against what the source says. */
  readonly prove?: (emitted: Emitted, options: ProveOptions) => Promise<Proof>;
}

/** The bundle as `defineBundle` gets it: what `compiler/decode` takes. */
export function bundleOf(draft: Draft): Bundle {
  const { settings, modules, responses } = draft;
  const { name, ossec, zeek, firewall, targets, neverBlock, ownAddresses } = settings;
  const raw = modules.flatMap((module) => module.raw.map(({ value }) => value));
  return {
    name,
    ...(zeek === undefined ? {} : { zeek }),
    ossec,
    ...(targets !== undefined ? { targets } : firewall !== undefined ? { firewall } : {}),
    ...(neverBlock.length === 0 ? {} : { neverBlock: neverBlock.map(({ value }) => value) }),
    ...(ownAddresses.length === 0 ? {} : { ownAddresses: ownAddresses.map(({ value }) => value) }),
    detections: modules.flatMap((module) => module.detections.map(({ value }) => value)),
    ...(raw.length === 0 ? {} : { raw }),
    ...(responses.length === 0 ? {} : { responses: responses.map(({ value }) => value) }),
  };
}
