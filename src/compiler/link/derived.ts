import type { OssecModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { DetectionDeclaration } from "../decode/bundle.js";
import type { SourceRange } from "../decode/field.js";
import { linkBurst } from "./burst.js";
import type { LinkContext } from "./context.js";
import type { LinkedDerived, LinkedDetection } from "./detections.js";
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

/** One of them with the id of its rule. */
interface Waiting {
  readonly declared: DerivedDeclaration;
  readonly id: number;
}

/**
 * Links those detections in an order in which each stands behind what it is about, as OSSEC's rules must. One whose
 * base did not link is left out: why was reported there.
 *
 * @param known - every name in the bundle, also of detections that did not link
 */
export function linkDerived(
  context: LinkContext,
  all: readonly Waiting[],
  {
    others,
    known,
    ossec,
  }: {
    readonly others: readonly LinkedDetection[];
    readonly known: ReadonlySet<string>;
    readonly ossec: OssecModel;
  },
): readonly LinkedDerived[] {
  const done: LinkedDerived[] = [];
  let waiting = all.filter(({ declared }) => namesAnother(context, declared, known));
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ declared }) => declared.name));
    const ready = waiting.filter(({ declared }) =>
      namedBy(context, declared).every(({ name }) => !names.has(name)),
    );
    const [circular] = waiting;
    if (ready.length === 0 && circular !== undefined) {
      const { declared } = circular;
      const [first] = namedBy(context, declared);
      context.report(
        codes.burst(
          (first?.place ?? context.places.of(declared)).span(),
          `"${declared.name}" ${aboutItself(declared)} by way of others`,
        ),
      );
      break;
    }
    for (const one of ready) {
      const linked = linkOne(context, one, [...others, ...done], ossec);
      if (linked !== null) done.push(linked);
    }
    waiting = waiting.filter((one) => !ready.includes(one));
  }
  return done;
}

function linkOne(
  context: LinkContext,
  { declared, id }: Waiting,
  others: readonly LinkedDetection[],
  ossec: OssecModel,
): LinkedDerived | null {
  switch (declared.kind) {
    case "burst": {
      const linked = linkBurst(context, declared, others);
      if (linked === null) return null;
      const rule = linkRule(id, { groups: [], ...declared.rule });
      return { kind: "burst", declared, capture: linked.capture, model: { ...linked.model, rule } };
    }
    case "sequence": {
      const linked = linkSequence(context, declared, others);
      if (linked === null) return null;
      const rule = linkRule(id, { groups: [], ...declared.rule });
      return { kind: "sequence", declared, capture: linked.capture, model: { ...linked.model, rule } };
    }
    case "rule": {
      const linked = linkRuleDetection(context, declared, others, ossec);
      if (linked === null) return null;
      const { effect } = declared;
      const level = effect.kind === "silence" ? 0 : effect.value;
      const rule = linkRule(id, { groups: [], ...declared.rule, level });
      return { kind: "rule", declared, capture: linked.capture, model: { ...linked.model, rule } };
    }
  }
}

/** The detections of the bundle that it is about, and where it says so. */
function namedBy(
  { places }: LinkContext,
  declared: DerivedDeclaration,
): readonly { readonly name: string; readonly place: SourceRange }[] {
  switch (declared.kind) {
    case "burst": {
      const { of } = declared;
      return of.kind === "detection" ? [{ name: of.value, place: places.at(of, "detection") }] : [];
    }
    case "sequence":
      return [declared.first, declared.next].flatMap((one) =>
        one.kind === "detection" ? [{ name: one.value, place: places.at(one, "detection") }] : [],
      );
    case "rule": {
      const { under } = declared;
      return under.kind === "detection" ? [{ name: under.value, place: places.at(under, "detection") }] : [];
    }
  }
}

function aboutItself({ kind }: DerivedDeclaration): string {
  return { burst: "counts itself", rule: "stands below itself", sequence: "waits for itself" }[kind];
}

/** Whether what it is about is there, and not itself. */
function namesAnother(
  context: LinkContext,
  declared: DerivedDeclaration,
  known: ReadonlySet<string>,
): boolean {
  return namedBy(context, declared).every(({ name, place }) => {
    if (name === declared.name)
      context.report(codes.burst(place.span(), `"${declared.name}" ${aboutItself(declared)}`));
    else if (known.has(name)) return true;
    else context.report(unknownDetection(place, name, known));
    return false;
  });
}
