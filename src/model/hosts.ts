import type { BlockResponseModel, HostModel, LogDetectionModel, Model, ZeekModel } from "./model.js";

/** The bundle as one of its hosts has it: the host's paths, packet filters and never-block list in place. */
function hostModel(model: Model, host: HostModel): Model {
  return {
    ...model,
    zeek: model.zeek === null || host.zeek === null ? null : { ...zeekAt(model.zeek, host.zeek) },
    ossec: { ...model.ossec, home: host.home },
    firewalls: host.firewalls,
    neverBlock: host.neverBlock,
    host,
  };
}

function zeekAt(
  zeek: ZeekModel,
  { logs, site }: { readonly logs: string; readonly site: string },
): ZeekModel {
  const { noticeLog } = zeek;
  const file = `${logs}/${noticeLog.file.slice(noticeLog.file.lastIndexOf("/") + 1)}`;
  return { ...zeek, logs, site, noticeLog: { ...noticeLog, file } };
}

/** The Models that files are emitted from: one, or one a host in the order of `hosts`. */
export function outputModels(model: Model): readonly Model[] {
  return model.hosts.length === 0 ? [model] : model.hosts.map((host) => hostModel(model, host));
}

/** Whether OSSEC analyses lines on this host: decoders and rules are for it. */
export function analyses({ host }: Model): boolean {
  return host === null || host.ossec !== "agent";
}

/** Whether Zeek and the other logs are on this host. */
export function isSensor({ host }: Model): boolean {
  return host === null || host.sensor;
}

/** Whether OSSEC reads a log detection's file on this host. */
export function readsLog({ host }: Model, { on }: Pick<LogDetectionModel, "on">): boolean {
  if (host === null) return true;
  return on === undefined ? host.sensor : on.includes(host.name);
}

/** The host that a log's lines come from: the first that a detection names for it, else the first sensor. */
export function hostOfLog({ detections, hosts }: Model, file: string): HostModel | null {
  const named = detections.flatMap((one) => (one.kind === "log" && one.log === file ? (one.on ?? []) : []));
  return hosts.find(({ name }) => named.includes(name)) ?? hosts.find(({ sensor }) => sensor) ?? null;
}

/** Where OSSEC runs the script of a block (docs/reference/ossec.md#active-response, `location`). */
export type BlockPlace =
  /** On the host that sent the event, or here where it is the only one. */
  | { readonly kind: "local" }
  | { readonly kind: "server"; readonly host: HostModel }
  | { readonly kind: "agent"; readonly agent: string; readonly host: HostModel };

/** Every host that runs a block, as the configuration of the Model's own OSSEC names it. */
export function placesOfBlock(model: Model, { on }: Pick<BlockResponseModel, "on">): readonly BlockPlace[] {
  const places = blockPlaces(model);
  if (on === undefined) return places;
  return places.filter((place) => {
    const host = place.kind === "local" ? model.host : place.host;
    return host !== null && on.includes(host.name);
  });
}

/** Every host that can block. */
function blockPlaces({ host, hosts, firewalls }: Model): readonly BlockPlace[] {
  switch (host?.ossec) {
    case undefined:
    case "standalone":
      return firewalls.length === 0 ? [] : [{ kind: "local" }];
    case "agent":
      return [];
    case "server":
      return hosts.flatMap((other): readonly BlockPlace[] => {
        if (other.firewalls.length === 0) return [];
        if (other.ossec === "server") return [{ kind: "server", host: other }];
        return other.agent === null ? [] : [{ kind: "agent", agent: other.agent, host: other }];
      });
  }
}
