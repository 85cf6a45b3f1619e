import { showDuration } from "../model/duration.js";
import type {
  BurstDetectionModel,
  DetectionModel,
  RuleParentModel,
  SequenceDetectionModel,
} from "../model/model.js";
import { shownTime } from "../model/shown-time.js";
import { isComposite, type LineFunnel, type LineStep } from "./line-funnel.js";
import type { Cause, Found, RuleBase } from "./why.js";

/** Why OSSEC's rule of a detection raised no alert. */
export function lineCause(detection: DetectionModel, funnel: LineFunnel | undefined, found: Found): Cause {
  const { id } = detection.rule;
  if (!found.isRuleLoaded(id))
    return {
      name: "rule-not-loaded",
      message: `rule ${id} is not among the rules that are loaded`,
      help: "the home's ossec.conf has to include local_rules.xml, and nothing may overwrite the rule",
    };
  for (const bases of basesOf(detection)) {
    const outside = baseNotLoaded(bases, found);
    if (outside !== null) return outside;
  }
  if (funnel === undefined || funnel.lines === 0) return noLines(detection, found);
  if (isComposite(detection)) {
    const burst = burstCause(detection, funnel);
    if (burst !== null) return burst;
  }
  const [nearest] = funnel.steps;
  return nearest === undefined ? noLines(detection, found) : stepCause(detection, funnel, nearest);
}

function noLines(detection: DetectionModel, { hasLines }: Found): Cause {
  const log = detection.kind === "log" || detection.kind === "iplog" ? detection.log : null;
  return {
    name: hasLines ? "no-lines" : "log-not-given",
    message: hasLines ? "the given files have no line" : "no lines that OSSEC reads were given",
    help: `give them with --syslog${log === null ? "" : `: on the host it is ${log}`}`,
  };
}

/** The rules that a detection stands behind: of each list one has to be there. */
function basesOf(detection: DetectionModel): readonly (readonly RuleBase[])[] {
  const below = (under: RuleParentModel): readonly RuleBase[] => {
    switch (under.kind) {
      case "group":
        return [under];
      case "rules":
        return under.ids.map((id) => ({ kind: "rule", id }));
      case "category":
        return [];
    }
  };
  switch (detection.kind) {
    case "burst":
      return [[detection.base]];
    case "rule":
      return [below(detection.under)];
    case "sequence":
      return [[detection.base], below(detection.under)];
    default:
      return [];
  }
}

function baseNotLoaded(bases: readonly RuleBase[], { isLoaded }: Found): Cause | null {
  if (bases.length === 0 || bases.some(isLoaded)) return null;
  const what = bases
    .map((base) => (base.kind === "rule" ? `rule ${base.id}` : `the group "${base.group}"`))
    .join(", ");
  return {
    name: "base-not-loaded",
    message: `it stands behind ${what}, which ${bases.length === 1 ? "is" : "are"} not among the rules that were loaded`,
    help: "give the host's OSSEC home with --ossec DIR",
  };
}

function burstCause(
  detection: BurstDetectionModel | SequenceDetectionModel,
  { counted, best }: LineFunnel,
): Cause | null {
  const { base, events, timeframe } = detection;
  const what = base.kind === "rule" ? (base.detection ?? `rule ${base.id}`) : `the group "${base.group}"`;
  if (counted === null || counted === 0)
    return {
      name: "base-silent",
      message: `${what}, which ${detection.kind === "burst" ? "it counts" : "comes first"}, never fired`,
      help: `look at why ${what} was silent`,
    };
  const window = showDuration(timeframe);
  if (best === null) return null;
  const { count, others, time, source } = best;
  const most = `${what} fired ${times(counted)}; the most within ${window} was ${count} of ${events}${source === null ? "" : `, ${source}`} at ${shownTime(time)}`;
  if (count + others >= events && others > 0)
    return {
      name: "burst-sources",
      message: `${most}; with ${others} more of other sources or fields it would have been enough`,
      help: `per: "${flagText(detection)}" counts each for itself; a lower number of events, or another per`,
    };
  if (counted >= (detection.kind === "burst" ? events : events - 1))
    return {
      name: "window",
      message: `${most}: they are too far apart`,
      help: "a longer time (within), or fewer events",
    };
  return { name: "below-threshold", message: most, help: "fewer events, or nothing: it did not happen" };
}

const flagText = ({ flags }: Pick<BurstDetectionModel, "flags">): string =>
  flags.join(", ").replaceAll("_", " ");

function stepCause(detection: DetectionModel, funnel: LineFunnel, step: LineStep): Cause {
  const { stop, lines } = step;
  const { id } = detection.rule;
  const some = `${lines} of ${funnel.lines} line${funnel.lines === 1 ? "" : "s"}`;
  switch (stop.kind) {
    case "alert":
      return { name: "fired", message: `${some} fired rule ${id}`, help: null };
    case "child":
      return {
        name: "child-rule",
        message: `${some} matched rule ${id}, and rule ${stop.by} below it was reported instead${place(step)}`,
        help: `rule ${stop.by} is a child of rule ${id}: take it away, or respond to it, too`,
      };
    case "silenced":
      if (stop.by === "level-0" && detection.rule.level === 0)
        return { name: "fired", message: `it silenced ${some}${place(step)}`, help: null };
      return {
        name: "silenced",
        message: `${some} ${stop.by === "repeated-line" ? "were dropped" : `matched rule ${id} and were silenced`}: ${silences[stop.by]}${place(step)}`,
        help:
          stop.by === "below log_alert_level"
            ? "raise the rule's level, or lower log_alert_level in ossec.conf"
            : null,
      };
    case "noalert":
      return {
        name: "silenced",
        message: `${some} matched a rule that is never reported (noalert)${place(step)}`,
        help: null,
      };
    case "taken":
      return {
        name: "other-rule",
        message: `rule ${stop.by} took ${some} before rule ${id} was reached${place(step)}`,
        help: `zopf explain shows the way of a line; a rule below rule ${stop.by} (if_sid) would see them`,
      };
    case "elsewhere":
      return {
        name: "rule-condition",
        message: `${some} went to rule ${stop.by}, and rule ${id} would not have matched them${place(step)}`,
        help: "zopf explain shows the way of a line, and what was tried",
      };
    case "condition": {
      const { condition, wanted, found, note } = stop.failed;
      const where = stop.rule === id ? `rule ${id}` : `rule ${stop.rule}, above rule ${id},`;
      return {
        name: "rule-condition",
        message: `${some} reached ${where} and did not meet ${condition}: wanted ${wanted}, found ${found === null ? "nothing" : `'${found}'`}${note === undefined ? "" : ` (${note})`}${place(step)}`,
        help: "compare the condition with the line",
      };
    }
    case "decoder":
      return decoderCause(detection, funnel, step);
    case "no-event":
      return { name: "no-lines", message: `${some} are empty${place(step)}`, help: null };
  }
}

const silences = {
  "level-0": "a rule of level 0 raises no alert",
  ignore: "ignore= has not run out since its last alert",
  check_if_ignored: "check_if_ignored found an earlier <ignore>",
  "repeated-line": "the same line came just before",
  "incomplete-firewall-event": "a firewall event needs action, both addresses, both ports and protocol",
  "below log_alert_level": "its level is below log_alert_level, or it has no_log",
} as const;

/** No line came to the detection's own decoder. */
function decoderCause({ kind }: DetectionModel, funnel: LineFunnel, step: LineStep): Cause {
  const own =
    kind === "burst" || kind === "sequence" || kind === "rule"
      ? "the decoders of the rules that it is about"
      : "its decoder";
  const others = funnel.steps.flatMap(({ stop, lines }) =>
    stop.kind === "decoder" && stop.decoder !== null ? [`${stop.decoder} took ${lines}`] : [],
  );
  const none = funnel.steps.find(({ stop }) => stop.kind === "decoder" && stop.decoder === null)?.lines ?? 0;
  const rest = none === 0 ? [] : [`${none} ${none === 1 ? "was" : "were"} taken by none`];
  return {
    name: others.length === 0 ? "no-decoder" : "other-decoder",
    message: `${own} took none of ${funnel.lines} line${funnel.lines === 1 ? "" : "s"}: ${[...others, ...rest].join(", ")}${step.decoder === null ? "" : `; ${step.decoder}`}${place(step)}`,
    help: "is it the log that you mean? zopf explain on a line shows which part of the decoder does not fit",
  };
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

function place({ example: { file, lineNumber } }: LineStep): string {
  return file === null ? "" : ` (${file}:${lineNumber ?? 1})`;
}
