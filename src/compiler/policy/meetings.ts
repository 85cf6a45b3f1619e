import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { Model } from "../../model/model.js";
import { ruleIdsOf } from "../../model/rule-ids.js";
import { codes } from "../output/codes.js";

/** A bundle that compiled, for one host. */
interface Built {
  /** The bundle's file, absolute. */
  readonly file: string;
  readonly model: Model;
}

/** What two bundles built together would fight over if they were installed on one host. */
export function checkMeetings(
  built: readonly Built[],
  show: (path: string) => string,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const names = new Map<string, Built>();
  const owners = new Map<string, Built>();
  const growth = new Map<string, { readonly list: string; readonly name: string }>();
  for (const bundle of built) {
    const { file, model } = bundle;
    const namesake = names.get(model.name);
    // The hosts of one bundle share what the bundle has.
    if (namesake?.file === file) continue;
    const at = { file: show(file), line: 1, column: 1 };
    if (namesake !== undefined)
      diagnostics.push(
        codes.sameName(
          at,
          `its name "${model.name}" is that of ${show(namesake.file)} too`,
          "give each bundle a name of its own",
        ),
      );
    names.set(model.name, bundle);
    for (const thing of sharedThings(model)) {
      const other = owners.get(thing);
      owners.set(thing, bundle);
      if (other === undefined || other.model.name === model.name) continue;
      diagnostics.push(
        codes.meet(
          at,
          `${thing} is used by the bundle "${other.model.name}" too: the two cannot live on one host`,
          "change one of them, if they are for one host",
        ),
      );
    }
    const list = repeatedBlocks(model);
    if (list === null) continue;
    const before = growth.get(model.ossec.home);
    growth.set(model.ossec.home, { list, name: model.name });
    if (before === undefined || before.list === list) continue;
    diagnostics.push(
      codes.meet(
        at,
        `its blocks grow by ${list} minutes, those of the bundle "${before.name}" by ${before.list}: OSSEC has one list for a host`,
        "say the same escalate in both, if they are for one host",
      ),
    );
  }
  return diagnostics;
}

/** Minutes of repeated blocks; null: they do not grow. */
function repeatedBlocks({ responses }: Model): string | null {
  const growing = responses.find((response) => response.kind === "block" && response.escalate.length > 0);
  return growing?.kind === "block" ? growing.escalate.join(", ") : null;
}

function sharedThings(model: Model): readonly string[] {
  const things = ruleIdsOf(model).map((id) => `rule id ${id} (${model.ossec.home})`);
  const firewalls =
    model.hosts.length === 0 ? model.firewalls : model.hosts.flatMap((host) => host.firewalls);
  for (const { kind, table } of firewalls) if (kind !== "dryRun") things.push(`${kind} table ${table}`);
  for (const detection of model.detections)
    if (detection.kind === "zeek" && detection.log !== null)
      things.push(`the Zeek log ${detection.log.path}.log`);
    else if (detection.kind === "iplog") things.push("the sensor's iplog.conf");
  return things;
}
