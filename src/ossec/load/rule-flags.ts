/** Elements of a rule that switch something on or off (docs/reference/ossec.md#rule-elements, #correlation). */
import type { CorrelationFlags } from "../definitions.js";
import type { RuleDraft } from "./rule-draft.js";

type Switch = (draft: RuleDraft) => void;

/** Names without regard to letter case. */
const foldedSwitches: ReadonlyMap<string, Switch> = new Map<string, Switch>([
  ["same_source_ip", ({ data }) => set(data, "sameSourceIp", true)],
  ["same_src_port", ({ data }) => set(data, "sameSrcPort", true)],
  ["same_dst_port", ({ data }) => set(data, "sameDstPort", true)],
  ["same_user", ({ data }) => set(data, "sameUser", true)],
  ["same_location", ({ data }) => set(data, "sameLocation", true)],
  ["not_same_source_ip", ({ data }) => set(data, "sameSourceIp", false)],
  ["not_same_user", ({ data }) => set(data, "sameUser", false)],
  ["not_same_agent", ({ data }) => set(data, "sameLocation", false)],
  [
    "check_diff",
    ({ data }) => {
      data.context = true;
      data.asksFurther = true;
      set(data, "checkDiff", true);
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
  ["same_id", ({ data }) => set(data, "sameId", true)],
  ["different_url", ({ data }) => set(data, "differentUrl", true)],
  ["different_srcip", ({ data }) => set(data, "differentSrcip", true)],
  ["different_srcgeoip", ({ data }) => set(data, "differentSrcgeoip", true)],
  ["not_same_id", ({ data }) => set(data, "sameId", false)],
]);

function set(data: RuleDraft["data"], name: keyof CorrelationFlags, value: boolean): void {
  data.flags = { ...data.flags, [name]: value };
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
