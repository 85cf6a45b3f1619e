import { analyses } from "../../model/hosts.js";
import type { LogResponseModel, Model, NotifyResponseModel } from "../../model/model.js";
import type { EmittedFile } from "../file.js";
import { suiteOf } from "../ossec/suite.js";
import { scriptFile } from "./emit.js";

/** log.sh and notify.sh: scripts of responses that touch no packet filter. */
export function emitSideScripts(model: Model): readonly EmittedFile[] {
  // They run where the rules are: an agent of a bundle with targets has neither.
  if (!analyses(model)) return [];
  const log = model.responses.find((response) => response.kind === "log");
  const notify = model.responses.find((response) => response.kind === "notify");
  return [
    ...(log === undefined ? [] : [logScript(model, log)]),
    ...(notify === undefined ? [] : [notifyScript(model, notify)]),
  ];
}

function logScript(model: Model, { command, executable }: LogResponseModel): EmittedFile {
  return scriptFile(model, {
    path: "active-response/log.sh",
    command,
    executable,
    purpose: `Logs what a block would do, for ${suiteOf(model.ossec).suite}'s active response. It blocks nothing.`,
    limit: null,
    prefix: null,
    ends: model.responses.some((response) => response.kind === "log" && response.seconds !== null),
    done: "would-block",
    undone: "would-unblock",
    backends: [{ name: "dryRun", settings: {} }],
  });
}

function notifyScript(
  model: Model,
  { command, executable, syslog, webhook, run }: NotifyResponseModel,
): EmittedFile {
  const [program, ...words] = run ?? [];
  return scriptFile(model, {
    path: "active-response/notify.sh",
    command,
    executable,
    purpose: `Tells of one address at a time, for ${suiteOf(model.ossec).suite}'s active response. It blocks nothing.`,
    limit: null,
    prefix: null,
    ends: false,
    done: "notified",
    undone: "nothing",
    backends: [
      {
        name: "notify",
        settings: {
          syslog,
          webhook: webhook?.url ?? null,
          slack: webhook?.body === "slack",
          bundle: model.name,
          program: program ?? null,
          words,
          rules: model.detections.map(({ name, rule }) => ({ id: rule.id, name })),
        },
      },
    ],
  });
}
