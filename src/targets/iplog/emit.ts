import { isSensor } from "../../model/hosts.js";
import type { IplogDetectionModel, Model } from "../../model/model.js";
import { sharedEscapes, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { type EscapeHelper, renderer } from "../render.js";
import { iplogIgnoreProblem } from "./ignore.js";
import { iplogReports } from "./lines.js";

/** A service's name, a number, or two of them with a colon between. */
const portOrRange: EscapeHelper = (value) => {
  if (typeof value !== "string" || !/^[A-Za-z0-9][A-Za-z0-9-]*(?::[0-9]+)?$/.test(value))
    throw unfit("portOrRange", value);
  return value;
};

/** Escapes of the iplog template. */
export const iplogEscapes = { ...sharedEscapes, portOrRange };

const render = renderer("iplog", iplogEscapes);

/** iplog.conf. A host has one: of several iplog detections the settings add up, the first one's log is written. */
export function emitIplog(model: Model): readonly EmittedFile[] {
  const detections = model.detections.filter((one): one is IplogDetectionModel => one.kind === "iplog");
  const [first] = detections;
  if (first === undefined || !isSensor(model)) return [];
  const scans = new Set(detections.flatMap((detection) => detection.scans));
  const sensors = detections.map(({ sensor }) => sensor);
  const one = (key: "promiscuous" | "user" | "group" | "pidFile"): string | null =>
    sensors.map((sensor) => sensor[key]).find((value) => value !== null) ?? null;
  const ignore = detections.flatMap((detection) => detection.ignore);
  for (const entry of ignore) if (iplogIgnoreProblem(entry) !== null) throw unfit("iplog.conf", entry);
  return [
    {
      path: "iplog/iplog.conf",
      content: render("iplog.conf", {
        bundle: model.name,
        log: first.log,
        interfaces: sensors
          .flatMap(({ interfaces }) => interfaces)
          .map((name, index) => ({ name, first: index === 0 })),
        promiscuous: one("promiscuous"),
        user: one("user"),
        group: one("group"),
        pidFile: one("pidFile"),
        scansOnly: String(sensors.some(({ scansOnly }) => scansOnly)),
        verbose: String(sensors.some(({ verbose }) => verbose)),
        ignoreDns: String(detections.some(({ ignoreDns }) => ignoreDns)),
        foolNmap: String(detections.some(({ foolNmap }) => foolNmap)),
        reports: iplogReports.map(({ scan, option }) => ({ option, value: String(scans.has(scan)) })),
        smurf: scans.has("smurf"),
        ignore,
      }),
      mode: 0o640,
      target: "/etc/iplog.conf",
      owner: "root:wheel",
      reader: "iplog",
      reload: [["iplog", "--restart"]],
      merge: "file",
    },
  ];
}
