import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { Places } from "../decode/field.js";
import type { ResponseDeclaration } from "../decode/response.js";
import type { Policy } from "./policy.js";
import { stockRulesFrom } from "./stock-levels.js";

/** Levels below it are those of successes, errors and noise. */
const lowestLevel = 5;

/** Responses that nothing can start, and those that other people's rules start without that being said. */
export const checkResponseLevel: Policy = ({ responses, model: { detections }, places }) => {
  const silent = new Set(detections.filter(({ rule }) => rule.level === 0).map(({ name }) => name));
  return responses.flatMap(({ declared, armed }) => [
    ...armed
      .filter((name) => silent.has(name))
      .map((name) =>
        codes.levelTooLow(
          places.at(declared.when, declared.when.kind).span(),
          `rules of level 0 never alert, so "${name}" cannot start a response`,
          "give its rule a level of 1 or more",
        ),
      ),
    ...foreignRules(declared, places),
  ]);
};

function foreignRules({ when, alsoStockRules }: ResponseDeclaration, places: Places): readonly Diagnostic[] {
  const consent = when.alsoStockRules ?? alsoStockRules ?? false;
  const span = places.at(when, when.kind).span();
  if (when.kind === "group" && !consent)
    return [
      codes.stockRules(
        span,
        `every rule of the group "${when.value}" on the host starts this response, other people's too`,
        `if that is meant, write { group: "${when.value}", alsoStockRules: true }; else name what is: when: { detection: "…" }`,
      ),
    ];
  if (when.kind !== "level") return [];
  const level = when.value;
  if (level === 0)
    return [codes.level(span, "a response from level 0 up is none: OSSEC reads 0 as not given")];
  if (level < lowestLevel)
    return [
      codes.lowLevel(
        span,
        `a response from level ${level} up answers to what is no attack: ${stockRulesFrom(level)} of OSSEC's stock rules, those for successful logins and for system errors among them`,
        `start at ${lowestLevel} or above, or name what is meant: when: { detection: "…" }, { group: "…" } or { rule: … }`,
      ),
    ];
  if (consent) return [];
  return [
    codes.stockLevel(
      span,
      `every rule of level ${level} or above on the host starts this response, not only the bundle's: ${stockRulesFrom(level)} of OSSEC's stock rules among them`,
      `arm the bundle's own rules alone with when: { detection: "…" }; if the others are meant too, write { level: ${level}, alsoStockRules: true }`,
    ),
  ];
}
