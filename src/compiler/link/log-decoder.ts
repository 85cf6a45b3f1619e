import type { LineFormModel, LogDecoderModel, PatternModel, RuleConditionModel } from "../../model/model.js";
import { shiftingGroup } from "../../ossec/patterns/optional-groups.js";
import { codes } from "../codes.js";
import type { LineFormDeclaration, LogDeclaration } from "../decode/log.js";
import type { OrderEntry } from "../decode/log-order.js";
import type { PatternDeclaration } from "../decode/pattern.js";
import type { LinkContext } from "./context.js";
import type { LinkedOrderEntry } from "./order.js";

interface LinkedDecoder {
  readonly decoder: Omit<LogDecoderModel, "name">;
  /** The condition by which the rule asks that the regex did match, where the prematch alone takes the line. */
  readonly guard: readonly RuleConditionModel[];
}

/** The decoder, with a name for every capture; null where the two do not fit. */
export function linkDecoder(
  context: LinkContext,
  declared: LogDeclaration,
  order: readonly LinkedOrderEntry[],
): LinkedDecoder | null {
  const { places, report } = context;
  const { name, program, prematch, regex, also = [] } = declared;
  if (program === undefined && prematch === undefined && regex === undefined)
    return report(
      codes.missing(
        places.of(declared).span(),
        `"${name}" says neither program nor prematch nor regex: it would take every line`,
      ),
    );
  if (declared.offset === "after_prematch" && prematch === undefined)
    return report(
      codes.missing(places.at(declared, "offset").span(), "there is no prematch that the regex could follow"),
    );
  if (also.length > 0 && (prematch !== undefined || regex === undefined))
    return report(
      codes.order(
        places.at(declared, "also").span(),
        "further forms of a line stand beside a regex that has no prematch: where the prematch fits and the regex does not, OSSEC tries no other decoder",
        "put the prematch into the regex",
      ),
    );
  if (regex === undefined) {
    if (order.length > 0)
      return report(
        codes.order(places.at(declared, "order").span(), "an order names captures, and there is no regex"),
      );
    const form = {
      program: patternModel(program),
      prematch: patternModel(prematch),
      regex: null,
      afterPrematch: false,
    };
    return { decoder: { forms: [form], order: [] }, guard: [] };
  }
  const found = orderProblem(regex, order);
  if (found !== null)
    return report(codes.order(places.at(declared, found.at).span(), found.message, found.help));
  if (declared.captures !== undefined && program === undefined && prematch === undefined)
    return report(
      codes.missing(
        places.at(declared, "captures").span(),
        "what lines are taken is said by a program or a prematch, where they need not fit the regex",
      ),
    );
  const own = also.find((form) => form.program !== undefined);
  if (declared.captures !== undefined && own !== undefined)
    return report(
      codes.order(
        places.at(own, "program").span(),
        "forms of a line whose captures are optional have no program of their own",
        "write two detections",
      ),
    );
  const further = also.map((form) =>
    linkForm(context, declared.captures === undefined ? form : { ...form, program }, order),
  );
  const whole = further.filter((form) => form !== null);
  if (whole.length < further.length) return null;
  if (declared.captures !== undefined)
    return { decoder: optionalRegex(declared, regex, order, whole), guard: [] };
  const guard = prematch === undefined ? undefined : guardOf(order);
  if (guard === null)
    return report(
      codes.order(
        places.at(declared, "order").span(),
        "a line that fits the prematch but not the regex would alert too, and OSSEC has no condition that tells by these fields",
        "put the prematch into the regex",
      ),
    );
  const first: LineFormModel = {
    ...lineForm(program, regex),
    prematch: patternModel(prematch ?? regex),
    afterPrematch: prematch !== undefined && declared.offset !== "none",
  };
  return {
    decoder: { forms: [first, ...whole], order: order.map(({ written }) => written) },
    guard: guard === undefined ? [] : [guard],
  };
}

/** The decoder of a detection that takes lines which the regex does not fit. */
function optionalRegex(
  { program, prematch, offset }: LogDeclaration,
  regex: PatternDeclaration,
  order: readonly LinkedOrderEntry[],
  further: readonly LineFormModel[],
): LinkedDecoder["decoder"] {
  const written = order.map((entry) => entry.written);
  if (further.length > 0)
    return { below: true, forms: [lineForm(program, regex), ...further], order: written };
  const only: LineFormModel = {
    program: patternModel(program),
    prematch: patternModel(prematch),
    regex: patternModel(regex),
    afterPrematch: prematch !== undefined && offset !== "none",
  };
  return { forms: [only], order: written };
}

/** The whole regex decides whether the line is taken, so that other lines are left to other decoders. */
function lineForm(program: PatternDeclaration | undefined, regex: PatternDeclaration): LineFormModel {
  const model = patternModel(regex);
  return { program: patternModel(program), prematch: model, regex: model, afterPrematch: false };
}

function linkForm(
  { places, report }: LinkContext,
  { program, regex }: LineFormDeclaration,
  order: readonly OrderEntry[],
): LineFormModel | null {
  const found = orderProblem(regex, order);
  return found === null
    ? lineForm(program, regex)
    : report(codes.order(places.of(regex).span(), found.message, found.help));
}

/** Why the names of the order are not those of the regex's captures. */
function orderProblem(
  { matcher }: PatternDeclaration,
  order: readonly OrderEntry[],
): { readonly at: "regex" | "order"; readonly message: string; readonly help: string } | null {
  const { groups } = matcher;
  if (groups === 0)
    return {
      at: "regex",
      message: "the regex captures nothing: OSSEC refuses a decoder whose regex has no group",
      help: "put ( ) around what the order names, or make it the prematch",
    };
  if (groups !== order.length) {
    const names = order.map(({ name }) => name).join(", ");
    return {
      at: "order",
      message: `the regex has ${groups} ${groups === 1 ? "group" : "groups"}, the order ${order.length} ${order.length === 1 ? "name" : "names"}${names === "" ? "" : ` (${names})`}`,
      help: "give every group a name; in pcre2, (?: ) groups without capturing",
    };
  }
  const optional = shiftingGroup(matcher, order.length);
  if (optional === null) return null;
  return {
    at: "regex",
    message: `group ${optional} of the regex may take no part in a match, and OSSEC then gives every later capture the name of the one before it`,
    help: "capture around what may be missing: ((?:…)?), or write two detections",
  };
}

function patternModel(pattern: PatternDeclaration | undefined): PatternModel | null {
  return pattern === undefined ? null : { language: pattern.language, text: pattern.text };
}

/** A condition that is true where the field is set at all (docs/reference/ossec.md#matching-rules: on an absent field it is false). */
function guardOf(order: readonly OrderEntry[]): RuleConditionModel | null {
  const has = (slot: string): boolean => order.some((entry) => entry.slot === slot);
  for (const element of ["srcip", "dstip"]) if (has(element)) return { element, field: null, value: "any" };
  for (const [slot, element] of [
    ["id", "id_pcre2"],
    ["url", "url_pcre2"],
    ["dstuser", "user_pcre2"],
    ["srcuser", "user_pcre2"],
    ["status", "status_pcre2"],
    ["extra_data", "extra_data_pcre2"],
    ["srcport", "srcport_pcre2"],
    ["dstport", "dstport_pcre2"],
  ] as const)
    if (has(slot)) return { element, field: null, value: "^" };
  const dynamic = order.find((entry) => entry.dynamic);
  return dynamic === undefined ? null : { element: "field", field: dynamic.name, value: "\\.*" };
}
