import type { OssecModel, RawModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { DetectionDeclaration } from "../decode/bundle.js";
import type { BurstDeclaration } from "../decode/burst.js";
import type { SourceRange } from "../decode/field.js";
import { linkBurst } from "./burst.js";
import type { LinkContext } from "./context.js";
import type { LinkedDerived } from "./detections.js";
import type { Known } from "./known.js";
import { unknownDetection } from "./references.js";
import { linkRule } from "./rule.js";
import { linkRuleDetection } from "./rule-detection.js";
import { linkSequence } from "./sequence.js";

/** Detections about others: their rules must stand behind those. */
export type DerivedDeclaration = Extract<
  DetectionDeclaration,
  { readonly kind: "burst" | "rule" | "sequence" }
>;

export function isDerived(declared: DetectionDeclaration): declared is DerivedDeclaration {
  return declared.kind === "burst" || declared.kind === "rule" || declared.kind === "sequence";
}

/** Links one of them whose bases have linked; null where one of these did not: why was reported there. */
export function linkDerived(
  context: LinkContext,
  { declared, id }: { readonly declared: DerivedDeclaration; readonly id: number },
  known: Known,
  ossec: OssecModel,
): LinkedDerived | null {
  switch (declared.kind) {
    case "burst": {
      const linked = linkBurst(context, declared, known, ossec);
      if (linked === null) return null;
      const rule = linkRule(id, { groups: [], ...declared.rule });
      return { kind: "burst", declared, capture: linked.capture, model: { ...linked.model, rule } };
    }
    case "sequence": {
      const linked = linkSequence(context, declared, known, ossec);
      if (linked === null) return null;
      const rule = linkRule(id, { groups: [], ...declared.rule });
      return { kind: "sequence", declared, capture: linked.capture, model: { ...linked.model, rule } };
    }
    case "rule": {
      const linked = linkRuleDetection(context, declared, known, ossec);
      if (linked === null) return null;
      const { effect } = declared;
      const level = effect.kind === "silence" ? 0 : effect.value;
      const rule = linkRule(id, { groups: [], ...declared.rule, level });
      const silent = effect.kind === "onlyParent" ? { ...rule, onlyParent: true as const } : rule;
      return { kind: "rule", declared, capture: linked.capture, model: { ...linked.model, rule: silent } };
    }
  }
}

/** What a detection is about, as the bundle calls it. */
export interface About {
  /** Detections of the bundle, and where it says so. */
  readonly names: readonly { readonly name: string; readonly place: SourceRange }[];
  readonly rules: readonly number[];
  readonly groups: readonly string[];
}

export function aboutOf({ places }: LinkContext, declared: DerivedDeclaration): About {
  const ofBase = (base: BurstDeclaration["of"]): About => ({
    names: base.kind === "detection" ? [{ name: base.value, place: places.at(base, "detection") }] : [],
    rules: base.kind === "rule" ? [base.value] : [],
    groups: base.kind === "group" ? [base.value] : [],
  });
  switch (declared.kind) {
    case "burst":
      return ofBase(declared.of);
    case "sequence": {
      const [first, next] = [ofBase(declared.first), ofBase(declared.next)];
      return {
        names: [...first.names, ...next.names],
        rules: [...first.rules, ...next.rules],
        groups: [...first.groups, ...next.groups],
      };
    }
    case "rule": {
      const { under } = declared;
      if (under === undefined) return { names: [], rules: [], groups: [] };
      if (under.kind === "group") return { names: [], rules: [], groups: [under.group] };
      const { rules = [], detection = [] } = under;
      return {
        names: detection.map((name, index) => ({ name, place: places.at(detection, index) })),
        rules,
        groups: [],
      };
    }
  }
}

/** Reports a detection that is about itself by way of others, or raw XML between them. */
export function reportCircle(
  context: LinkContext,
  circular: readonly (DetectionDeclaration | RawModel)[],
): void {
  const declared = circular.find((one) => "kind" in one && isDerived(one));
  if (declared === undefined || !("kind" in declared) || !isDerived(declared)) return;
  const [first] = aboutOf(context, declared).names;
  context.report(
    codes.burst(
      (first?.place ?? context.places.of(declared)).span(),
      `"${declared.name}" ${aboutItself(declared)} by way of others`,
    ),
  );
}

function aboutItself({ kind }: DerivedDeclaration): string {
  return { burst: "counts itself", rule: "stands below itself", sequence: "waits for itself" }[kind];
}

/** Whether what it is about is there, and not itself. */
export function namesAnother(
  context: LinkContext,
  declared: DerivedDeclaration,
  { names, rules }: About,
  { known, id }: { readonly known: ReadonlySet<string>; readonly id: number },
): boolean {
  if (rules.includes(id)) {
    context.report(
      codes.burst(context.places.of(declared).span(), `"${declared.name}" ${aboutItself(declared)}`),
    );
    return false;
  }
  return names.every(({ name, place }) => {
    if (name === declared.name)
      context.report(codes.burst(place.span(), `"${declared.name}" ${aboutItself(declared)}`));
    else if (known.has(name)) return true;
    else context.report(unknownDetection(place, name, known));
    return false;
  });
}
