import type { HostModel, Model, ZeekModel } from "./model.js";

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

/** Where OSSEC runs the script of a block (docs/reference/ossec.md#active-response, `location`). */
export type BlockPlace =
  /** On the host that sent the event, or here where it is the only one. */
  | { readonly kind: "local" }
  | { readonly kind: "server"; readonly host: HostModel }
  | { readonly kind: "agent"; readonly agent: string; readonly host: HostModel };

/** Every host that blocks, as the configuration of the Model's own OSSEC names it. */
export function blockPlaces({ host, hosts, firewalls }: Model): readonly BlockPlace[] {
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
