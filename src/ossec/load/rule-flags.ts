/** Elements of a rule that switch something on or off (docs/reference/ossec.md#rule-elements, #correlation). */
import type { ComparedField } from "../definitions.js";
import type { RuleDraft } from "./rule-draft.js";

type Switch = (draft: RuleDraft) => void;

/** Names without regard to letter case. */
const foldedSwitches: ReadonlyMap<string, Switch> = new Map<string, Switch>([
  ["same_source_ip", ({ data }) => compare(data, "same", "srcip")],
  ["same_src_port", ({ data }) => compare(data, "same", "srcport")],
  ["same_dst_port", ({ data }) => compare(data, "same", "dstport")],
  ["same_user", ({ data }) => compare(data, "same", "dstuser")],
  ["same_location", ({ data }) => compare(data, "same", "hostname")],
  ["not_same_source_ip", ({ data }) => takeBack(data, "srcip")],
  ["not_same_user", ({ data }) => takeBack(data, "dstuser")],
  ["not_same_agent", ({ data }) => takeBack(data, "hostname")],
  [
    "check_diff",
    ({ data }) => {
      data.context = true;
      data.asksFurther = true;
      data.checkDiff = true;
    },
  ],
  [
    "if_fts",
    ({ data }) => {
      data.ifFts = true;
    },
  ],
]);

/** Names that the engine compares byte for byte. */
const exactSwitches: ReadonlyMap<string, Switch> = new Map<string, Switch>([
  ["same_id", ({ data }) => compare(data, "same", "id")],
  ["different_url", ({ data }) => compare(data, "different", "url")],
  ["different_srcip", ({ data }) => compare(data, "different", "srcip")],
  ["different_srcgeoip", ({ data }) => compare(data, "different", "srcgeoip")],
  ["not_same_id", ({ data }) => takeBack(data, "id")],
]);

function compare(data: RuleDraft["data"], how: "same" | "different", field: ComparedField): void {
  const fields = data.correlation[how];
  if (!fields.includes(field)) data.correlation = { ...data.correlation, [how]: [...fields, field] };
}

/** `not_same_*` takes back a `same_*` before it and does nothing else. */
function takeBack(data: RuleDraft["data"], field: ComparedField): void {
  const { same } = data.correlation;
  if (same.includes(field))
    data.correlation = { ...data.correlation, same: same.filter((one) => one !== field) };
}

/** Applies the element if it is a switch; false if it is none. */
export function applySwitch(draft: RuleDraft, name: string, folded: string): boolean {
  const change = exactSwitches.get(name) ?? foldedSwitches.get(folded);
  if (change === undefined) return false;
  change(draft);
  return true;
}

/** Applies an `<options>` value; false if there is no such option. */
export function applyOption({ data }: RuleDraft, value: string): boolean {
  switch (value) {
    case "alert_by_email":
      data.mail = true;
      return true;
    case "no_email_alert":
      data.mail = false;
      return true;
    case "log_alert":
      data.log = true;
      return true;
    case "no_log":
      data.log = false;
      return true;
    case "no_ar":
      data.noActiveResponse = true;
      return true;
    default:
      return false;
  }
}
