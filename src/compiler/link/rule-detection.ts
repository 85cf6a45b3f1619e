import type {
  LogSampleModel,
  OssecModel,
  RuleConditionModel,
  RuleDetectionModel,
  RuleParentModel,
} from "../../model/model.js";
import { codes } from "../codes.js";
import type { RuleDetectionDeclaration } from "../decode/rule-detection.js";
import type { Capture } from "./capture.js";
import type { LinkContext } from "./context.js";
import { linkEventConditions } from "./event-conditions.js";
import type { Known } from "./known.js";
import { matchConditions } from "./log-conditions.js";
import { linkMoments } from "./moments.js";

/** A rule about rules without its own one; null where its parent or a condition did not link. */
export function linkRuleDetection(
  context: LinkContext,
  declared: RuleDetectionDeclaration,
  known: Known,
  ossec: OssecModel,
): { readonly model: Omit<RuleDetectionModel, "rule">; readonly capture: Capture } | null {
  const { places } = context;
  const { name, match, where, firstTime, samples = [], notSamples = [] } = declared;
  const parent = parentOf(context, declared, known);
  const matched = match === undefined ? [] : matchConditions(context, match);
  const conditions = where === undefined ? [] : linkEventConditions(context, where, ossec);
  if (parent === null || conditions === null || matched === null) return null;
  if (declared.rule.overwrite === true && !canOverwrite(context, declared, [...matched, ...conditions]))
    return null;
  const lines = (list: readonly string[]): readonly LogSampleModel[] =>
    list.map((line, index) => ({ line, fields: [], span: places.at(list, index).span() }));
  return {
    model: {
      kind: "rule",
      name,
      under: parent.under,
      effect: declared.effect.kind,
      conditions: [...matched, ...conditions, ...linkMoments(declared)],
      ...(firstTime === undefined ? {} : { firstTime }),
      samples: lines(samples),
      notSamples: lines(notSamples),
      span: places.of(declared).span(),
    },
    capture: parent.capture,
  };
}

/**
 * A rule that takes the place of another stands where that stood; OSSEC keeps that one's PCRE2, fields and lists too
 * (docs/reference/ossec.md#place-in-the-tree).
 */
function canOverwrite(
  { places, report, ossec }: LinkContext,
  declared: RuleDetectionDeclaration,
  conditions: readonly RuleConditionModel[],
): boolean {
  const { rule, under, where } = declared;
  const span = places.at(rule, "overwrite").span();
  if (under !== undefined || where?.category !== undefined) {
    report(
      codes.ruleEffect(
        span,
        `"${declared.name}" takes the place of rule ${rule.id}, and stays below what that stands below`,
        `leave ${under === undefined ? "where.category" : "under"} out`,
      ),
    );
    return false;
  }
  const lost = conditions.find(({ element }) => /^(?:field|list|pcre2|.*_pcre2)$/.test(element));
  if (ossec.dialect === "wazuh" || lost === undefined) return true;
  report(
    codes.ruleEffect(
      span,
      `"${declared.name}" takes the place of rule ${rule.id}, and OSSEC keeps that one's PCRE2 patterns, fields and lists: <${lost.element}> would not be asked`,
      "write the conditions in osMatch and osRegex, or put a rule below it",
    ),
  );
  return false;
}

/** Fields that events may have whose decoder is not seen. */
const foreignFields: ReadonlySet<string> = new Set(
  [
    "srcip dstip srcport dstport dstuser srcuser id url protocol action",
    "data extra_data status system_name filename",
  ].flatMap((names) => names.split(" ")),
);

interface Parent {
  readonly under: RuleParentModel;
  readonly capture: Capture;
}

function parentOf(
  { places, report }: LinkContext,
  declared: RuleDetectionDeclaration,
  known: Known,
): Parent | null {
  const { under, where } = declared;
  const foreign = (why: string, span = places.of(under ?? declared).span()): Capture => ({
    fields: foreignFields,
    forgeable: { why, known: false, span },
    cutLine: null,
  });
  if (under === undefined) {
    const category = where?.category ?? null;
    return {
      under: { kind: "category", category },
      capture: foreign(`it looks at all lines, and their decoders are not seen here`),
    };
  }
  if (where?.category !== undefined)
    return report(
      codes.shape(
        places.at(where, "category").span(),
        `${places.at(where, "category").label} says nothing below other rules: their category is that of the rule`,
        "leave it out",
      ),
    );
  if (under.kind === "group") {
    const { group } = under;
    const member = known.ofGroup(group).find(({ capture }) => capture.forgeable !== null);
    const why = `other rules of the host may be in the group "${group}", and their decoders are not seen here`;
    const span = places.at(under, "group").span();
    const capture = foreign(why, span);
    return {
      under: { kind: "group", group },
      capture: member === undefined ? capture : { ...capture, forgeable: member.capture.forgeable },
    };
  }
  const { rules = [], detection = [] } = under;
  const bases = detection.map((name) => known.named(name));
  const named = bases.filter((base) => base !== null);
  if (named.length < bases.length) return null;
  const byId = rules.map((id) => known.ofRule(id));
  const own = [...named, ...byId.flatMap((base) => base ?? [])];
  const others = [...new Set(rules.filter((_, index) => byId[index] === null))];
  const ids = [...new Set([...rules, ...named.map(({ model }) => model.rule.id)])];
  const span = places.at(under, rules.length > 0 ? "rules" : "detection").span();
  return {
    under: { kind: "rules", ids, detections: [...new Set(own.map(({ model }) => model.name))], others },
    capture: merged([
      ...own.map(({ capture }) => capture),
      ...others
        .slice(0, 1)
        .map((id) => foreign(`rule ${id} is not the bundle's, and its decoder is not seen here`, span)),
    ]),
  };
}

/** What is known of events that are of one of these or another. */
function merged(captures: readonly Capture[]): Capture {
  const [only] = captures;
  if (only !== undefined && captures.length === 1) return only;
  return {
    fields: new Set(captures.flatMap(({ fields }) => [...fields])),
    forgeable: captures.find(({ forgeable }) => forgeable !== null)?.forgeable ?? null,
    cutLine: captures.find(({ cutLine }) => cutLine !== null)?.cutLine ?? null,
  };
}
