import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { parsePrefix } from "../../firewall/address.js";
import { iplogIgnoreProblem } from "../../targets/iplog/ignore.js";
import { iplogReports } from "../../targets/iplog/lines.js";
import { codes } from "../codes.js";
import type { Places } from "../decode/field.js";
import type { IplogDeclaration } from "../decode/iplog.js";
import type { LinkedIplog } from "../link/detections.js";
import { linkIgnore } from "../link/iplog.js";
import type { Policy } from "./policy.js";

/** What iplog would not do, or would read differently; and what several detections of one iplog must agree on. */
export const checkIplog: Policy = ({ detections, places }) => {
  const sensors = detections.filter((detection) => detection.kind === "iplog");
  return sensors.flatMap((sensor, index) => [
    ...scanProblems(sensor.declared, places),
    ...settingProblems(sensor.declared, places),
    ...sensors.slice(0, index).flatMap((other) => meetings(sensor, other, places)),
  ]);
};

function scanProblems({ scans, expired }: IplogDeclaration, places: Places): readonly Diagnostic[] {
  if (scans.length === 0)
    return [codes.missing(places.of(scans).span(), "an iplog detection that reports no scan never fires")];
  const endless = scans.flatMap((scan, index) =>
    expired === true && iplogReports.some((report) => report.scan === scan && !report.expires)
      ? [{ scan, index }]
      : [],
  );
  return endless.map(({ scan, index }) =>
    codes.missing(
      places.at(scans, index).span(),
      `iplog does not tell when "${scan}" is over, so this would never fire`,
      "leave it to a detection without expired",
    ),
  );
}

function settingProblems({ sensor, ignore = [] }: IplogDeclaration, places: Places): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  if (sensor?.promiscuous !== undefined && parsePrefix(sensor.promiscuous)?.family !== 4) {
    const { label, span } = places.at(sensor, "promiscuous");
    found.push(codes.network(span(), `${label}: iplog knows IPv4 only`));
  }
  for (const entry of ignore) {
    const place = places.of(entry);
    const ports = entry.destinationPort ?? entry.sourcePort;
    if (entry.protocol === "icmp" && ports !== undefined) {
      found.push(codes.shape(place.span(), `${place.label} must be without ports: ICMP has none`));
      continue;
    }
    const problem = iplogIgnoreProblem(linkIgnore(entry));
    if (problem !== null)
      found.push(
        codes.network(place.span(), `${place.label} would not mean to iplog what it says: ${problem}`),
      );
  }
  return found;
}

/** A host has one iplog. */
function meetings(
  { declared, model }: LinkedIplog,
  { declared: earlier, model: other }: LinkedIplog,
  places: Places,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const tell = (key: keyof IplogDeclaration, message: string, help: string): void => {
    found.push(codes.duplicate(places.at(declared, key).span(), message, help));
  };
  if (other.log !== model.log)
    tell(
      "log",
      `"${other.name}" reads ${other.log}: there is one iplog on a host, and it writes one file`,
      "name the same file",
    );
  const both = model.scans.filter((scan) => other.scans.includes(scan));
  if (other.expired === model.expired && both.length > 0)
    tell(
      "scans",
      `"${other.name}" reports ${both.join(", ")} already, and one line leads to one rule`,
      "report each scan once",
    );
  if (declared.sensor !== undefined && Object.keys(earlier.sensor ?? {}).length > 0)
    tell("sensor", `"${other.name}" says how the sensor runs already (sensor)`, "say it once");
  if (declared.ignore !== undefined && other.ignore.length > 0)
    tell("ignore", `"${other.name}" says how the sensor runs already (ignore)`, "say it once");
  return found;
}
