import { forgottenAfter } from "../../firewall/limits.js";
import type { Model } from "../../model/model.js";

/** The script that blocks, in the output. */
export const blockScript = "active-response/firewall-drop.sh";

/** Seconds after which a block ends that execd has forgotten. */
export function expiryLimit(model: Model): number {
  return forgottenAfter(model.responses);
}

/** Where the script is installed. */
export function scriptTarget(model: Model): string {
  return `${model.ossec.home}/active-response/bin/${model.ossec.executable}`;
}
