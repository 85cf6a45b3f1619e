import type { DetectionModel, ResponseModel, WhenModel, WhereModel } from "../../model/model.js";
import type { ResponseDeclaration } from "../decode/response.js";
import type { LinkContext } from "./context.js";
import type { LinkedDetections } from "./detections.js";
import { unknownDetection } from "./references.js";

/** A response as the bundle has it, and as the Model has it. */
export interface LinkedResponse {
  readonly declared: ResponseDeclaration;
  readonly model: ResponseModel;
  /** Names of the bundle's own detections whose alerts start it. */
  readonly armed: readonly string[];
}

/** The responses, with the rules that start each; one that waits for what did not link is left out. */
export function linkResponses(
  context: LinkContext,
  declared: readonly ResponseDeclaration[],
  bundle: string,
  own: LinkedDetections,
): readonly LinkedResponse[] {
  const models = own.detections.map(({ model }) => model);
  const byName = new Map(models.map((model) => [model.name, model]));
  const byId = new Map(models.map((model) => [model.rule.id, model]));
  return declared.flatMap((response) => {
    const when = linkWhen(context, response, { known: own.known, byName, byId });
    if (when === null) return [];
    const model = linkResponse(context, response, when, bundle);
    const armed =
      when.kind === "rules" ? when.detections : armedDetections(model, models).map(({ name }) => name);
    return [{ declared: response, model, armed }];
  });
}

function linkResponse(
  { places }: LinkContext,
  declared: ResponseDeclaration,
  when: WhenModel,
  bundle: string,
): ResponseModel {
  const base = { when, where: linkWhere(declared), span: places.of(declared).span() };
  const { kind } = declared;
  const script = { command: `${bundle}-${kind}`, executable: `${bundle}-${kind}.sh` };
  switch (kind) {
    case "block": {
      const { v4 = 32, v6 = 128 } = declared.prefix ?? {};
      const prefix = v4 === 32 && v6 === 128 ? null : { v4, v6 };
      const escalate = (declared.escalate ?? []).map((seconds) => seconds / 60);
      return {
        kind,
        ...base,
        seconds: declared.for,
        escalate,
        prefix,
        ...(declared.on === undefined ? {} : { on: declared.on }),
      };
    }
    case "log":
      return { kind, ...base, ...script, seconds: declared.for ?? null };
    case "notify": {
      const { run, webhook } = declared;
      const syslog = declared.syslog ?? (run === undefined && webhook === undefined ? "auth.notice" : null);
      const sent = webhook === undefined ? {} : { webhook: { body: "json" as const, ...webhook } };
      return { kind, ...base, ...script, syslog, ...sent, run: run ?? null };
    }
  }
}

function linkWhere({ where = "sensor" }: ResponseDeclaration): WhereModel {
  return typeof where === "string" ? { kind: where } : { kind: "agent", agent: where.agent };
}

/** The bundle's detections that linked, and the names of all. */
interface OwnDetections extends Pick<LinkedDetections, "known"> {
  readonly byName: ReadonlyMap<string, DetectionModel>;
  readonly byId: ReadonlyMap<number, DetectionModel>;
}

function linkWhen(
  { places, report }: LinkContext,
  { when }: ResponseDeclaration,
  { known, byName, byId }: OwnDetections,
): WhenModel | null {
  switch (when.kind) {
    case "detection": {
      const found = byName.get(when.value);
      if (found !== undefined) return { kind: "rules", ruleIds: [found.rule.id], detections: [found.name] };
      // One that exists but did not link has been reported already.
      return known.has(when.value)
        ? null
        : report(unknownDetection(places.at(when, "detection"), when.value, known));
    }
    case "level":
      return { kind: "level", level: when.value };
    case "group":
      return { kind: "group", group: when.value };
    case "rule": {
      const ruleIds = [...new Set(typeof when.value === "number" ? [when.value] : when.value)];
      return { kind: "rules", ruleIds, detections: ruleIds.flatMap((id) => byId.get(id)?.name ?? []) };
    }
  }
}

/** The bundle's own detections whose alerts start a response. */
export function armedDetections(
  { when }: Pick<ResponseModel, "when">,
  detections: readonly DetectionModel[],
): readonly DetectionModel[] {
  switch (when.kind) {
    case "rules":
      return detections.filter(({ name }) => when.detections.includes(name));
    case "level":
      return detections.filter(({ rule }) => rule.level >= when.level);
    case "group":
      return detections.filter(({ rule }) => rule.level > 0 && rule.groups.includes(when.group));
  }
}
