import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ResponseModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { Places } from "../decode/field.js";
import type { LinkedResponse } from "../link/responses.js";
import type { Policy } from "./policy.js";

interface Shared {
  readonly kind: ResponseModel["kind"];
  /** The property that is compared; null: the response as a whole. */
  readonly property: "escalate" | "prefix" | null;
  readonly why: string;
  readonly help: string;
}

const shared: readonly Shared[] = [
  {
    kind: "block",
    property: "escalate",
    why: "OSSEC has one list for all blocks of a host",
    help: "give every block the same escalate, or none of them",
  },
  {
    kind: "block",
    property: "prefix",
    why: "one script serves all blocks, and is told only the address",
    help: "give every block the same prefix, or none of them",
  },
  {
    kind: "notify",
    property: null,
    why: "one script serves all notifications, and is told only the address and the rule",
    help: "let both tell the same way: the program gets the rule's id and can choose by it",
  },
];

/** A script gets an address and a rule, never the response: what it does cannot depend on that. */
export const checkAgreement: Policy = ({ responses, places }) =>
  shared.flatMap((one) =>
    disagreement(
      responses.filter(({ model }) => model.kind === one.kind),
      one,
      places,
    ),
  );

function disagreement(
  found: readonly LinkedResponse[],
  { property, why, help }: Shared,
  places: Places,
): readonly Diagnostic[] {
  const [first] = found;
  const other = found.find(
    ({ model }) => first !== undefined && settings(model, property) !== settings(first.model, property),
  );
  if (first === undefined || other === undefined) return [];
  const { declared } = other;
  const at =
    property !== null && declared.kind === "block" ? places.at(declared, property) : places.of(declared);
  const labels = `${places.of(declared).label} and ${places.of(first.declared).label}`;
  return [
    codes.disagree(
      at.span(),
      `${labels} do not say the same${property === null ? "" : ` about ${property}`}: ${why}`,
      help,
    ),
  ];
}

function settings(model: ResponseModel, property: Shared["property"]): string {
  if (model.kind === "notify") return JSON.stringify([model.syslog, model.webhook, model.run]);
  return model.kind === "block" && property !== null ? JSON.stringify(model[property]) : "";
}
