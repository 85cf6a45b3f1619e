import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { LinkedBundle } from "../link/bundle.js";
import { checkAgreement } from "./agreement.js";
import { checkBlockable } from "./blockable.js";
import { checkBlocks } from "./blocks.js";
import { checkBurstBase } from "./burst-base.js";
import { checkBurstGroup } from "./burst-group.js";
import { checkBurstMemory } from "./burst-memory.js";
import { checkBurstRivals } from "./burst-rivals.js";
import { checkCaps } from "./caps.js";
import { checkEscalate } from "./escalate.js";
import { checkFirewalls } from "./firewalls.js";
import { checkFirstTime } from "./first-time.js";
import { checkFlipped } from "./flipped.js";
import { checkIgnored } from "./ignored.js";
import { checkInnocent } from "./innocent.js";
import { checkIplog } from "./iplog.js";
import { checkLogOrder } from "./log-order.js";
import { checkLogSamples } from "./log-samples.js";
import { checkLogTabs } from "./log-tabs.js";
import { checkNightWeekdays } from "./night-weekdays.js";
import { checkNoDetections } from "./no-detections.js";
import { checkNoticeLog } from "./notice-log.js";
import { checkOn } from "./on.js";
import { checkOwnAddresses } from "./own-addresses.js";
import type { Policy } from "./policy.js";
import { checkResponseLevel } from "./response-level.js";
import { checkCovered, checkOverlaps } from "./responses-meet.js";
import { checkRuleEffect } from "./rule-effect.js";
import { checkRuleFields } from "./rule-fields.js";
import { checkRuleTakesEvent } from "./rule-takes-event.js";
import { checkSequence } from "./sequence.js";
import { checkStockDecoders } from "./stock-decoders.js";
import { checkSuppress } from "./suppress.js";
import { checkTakesEvent } from "./takes-event.js";
import { checkTargets } from "./targets.js";
import { checkThreshold } from "./threshold.js";
import { checkTimeouts } from "./timeouts.js";
import { checkUnsent } from "./unsent.js";
import { checkUnsetFields } from "./unset-fields.js";
import { checkVariables } from "./variables.js";
import { checkVictim } from "./victim.js";
import { checkWhere } from "./where.js";
import { checkWritten } from "./written-patterns.js";
import { checkNeedsZeek, checkOwnLogs } from "./zeek-parts.js";

/** Every rule by which a bundle is judged as a whole, in the order of the bundle. */
const policies: readonly Policy[] = [
  checkNoticeLog,
  checkFirewalls,
  checkTimeouts,
  checkBlocks,
  checkTargets,
  checkOn,
  checkOwnAddresses,
  checkNoDetections,
  checkNeedsZeek,
  checkOwnLogs,
  checkThreshold,
  checkUnsetFields,
  checkCaps,
  checkIplog,
  checkLogOrder,
  checkFirstTime,
  checkLogSamples,
  checkLogTabs,
  checkVariables,
  checkWritten,
  checkStockDecoders,
  checkBurstBase,
  checkBurstMemory,
  checkBurstRivals,
  checkBurstGroup,
  checkTakesEvent,
  checkSequence,
  checkRuleEffect,
  checkRuleFields,
  checkRuleTakesEvent,
  checkNightWeekdays,
  checkIgnored,
  checkFlipped,
  checkInnocent,
  checkVictim,
  checkSuppress,
  checkBlockable,
  checkUnsent,
  checkResponseLevel,
  checkWhere,
  checkEscalate,
  checkCovered,
  checkOverlaps,
  checkAgreement,
];

/** What the policies say of a bundle. */
export function judge(bundle: LinkedBundle): readonly Diagnostic[] {
  return policies.flatMap((policy) => policy(bundle));
}
