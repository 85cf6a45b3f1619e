import type { Diagnostic } from "../diagnostics/diagnostic.js";

/** What a deploy would do to one thing on the host, and what that means. */
export interface Change {
  readonly kind: "create" | "change" | "delete" | "conflict";
  /** `rule`, `decoder`, `command`, `active-response`, `never-block`, `localfile`, `zeek`, `pf`, `script`, `mode` … */
  readonly what: string;
  /** Rule id, name, address, file name: what it is called. */
  readonly id: string;
  /** The deployed file, as shown. */
  readonly file: string;
  /** A sentence for people. */
  readonly summary: string;
  /** The defence is weaker afterwards. */
  readonly weakens: boolean;
  /** What lies there is weaker than what is built: the defence is stronger afterwards. */
  readonly strengthens: boolean;
  /** Whoever approves should look at it, also where nobody can tell whether it weakens. */
  readonly security: boolean;
  /** Unified diff of the file, on one change of each file. */
  readonly patch?: string;
}

/** An entry that zopf does not own in a shared file. */
export interface Unmanaged {
  readonly what: string;
  readonly id: string;
  readonly file: string;
}

/** Sources whose block differs between the two configurations, over the same logs. */
export interface Behaviour {
  readonly nowBlocked: readonly string[];
  readonly noLongerBlocked: readonly string[];
  readonly alertsBefore: number;
  readonly alertsAfter: number;
}

export interface DiffReport {
  readonly bundle: string;
  /** The target, of a bundle that has several. */
  readonly host: string | null;
  readonly changes: readonly Change[];
  readonly unmanaged: readonly Unmanaged[];
  readonly behaviour: Behaviour | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A change with the usual answers: one that weakens is one to look at. */
export function change(
  fields: Omit<Change, "weakens" | "strengthens" | "security"> & {
    readonly weakens?: boolean;
    readonly security?: boolean;
  },
): Change {
  const weakens = fields.weakens ?? false;
  return { ...fields, weakens, strengthens: false, security: fields.security ?? weakens };
}
