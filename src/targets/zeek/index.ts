import { isSensor } from "../../model/hosts.js";
import type { Model, ZeekDetectionModel, ZeekModel } from "../../model/model.js";
import { capacityNotice, dedicatedColumns, dedicatedName, namesOf } from "../../model/zeek-names.js";
import type { EmittedFile } from "../file.js";
import { countType } from "./counting.js";
import { calls, emitDetection, ours } from "./detection.js";
import { zeekString } from "./escape.js";
import { asksForTurned } from "./events.js";
import { code, render } from "./helpers.js";
import { detectionTest } from "./tests.js";
import { numberLiteral } from "./types.js";

/** Not a possible name of a detection's script: those have no hyphen. */
const noticeLogScript = "notice-log";
/** Neither is this one. */
const functionsScript = "zopf-functions";
const turnedScript = "zopf-turned";

/** The Zeek package of a bundle: a script a detection, the notices' own log, what zkg wants to know. */
export function emit(model: Model): readonly EmittedFile[] {
  const { zeek } = model;
  const detections = model.detections.filter((detection) => detection.kind === "zeek");
  const [first] = detections;
  if (zeek === null || first === undefined || !isSensor(model)) return [];
  const scripts = detections.map((detection) => ({
    name: detection.identifier,
    content: emitDetection(detection, zeek.tests),
  }));
  const noticeLog = emitNoticeLog(zeek, detections);
  const [labels, lists] = [ours.labels, ours.lists].map((names) =>
    detections.some((detection) => calls(detection, names)),
  );
  if (labels === true || lists === true)
    scripts.push({
      name: functionsScript,
      content: render("functions", { module: zeek.module, labels, lists }),
    });
  if (detections.some(asksForTurned))
    scripts.push({ name: turnedScript, content: render("turned", { module: zeek.module }) });
  if (noticeLog !== null) scripts.push({ name: noticeLogScript, content: noticeLog });
  return [
    scriptFile(model.name, zeek, "__load__.zeek", emitLoad(model.name, zeek, first, scripts)),
    ...scripts.map(({ name, content }) => scriptFile(model.name, zeek, `${name}.zeek`, content)),
    {
      ...scriptFile(
        model.name,
        zeek,
        "zkg.meta",
        render("zkg.meta", { bundle: model.name, tests: zeek.tests }),
      ),
      reader: "zkg",
      reload: [],
    },
    ...(zeek.tests ? testFiles(model.name, zeek, detections) : []),
  ];
}

/** What `zkg test` runs: btest's settings, a test a detection and what each prints. `@load` reads none of it. */
function testFiles(
  bundle: string,
  zeek: ZeekModel,
  detections: readonly ZeekDetectionModel[],
): readonly EmittedFile[] {
  const file = (path: string, content: string): EmittedFile => ({
    ...scriptFile(bundle, zeek, `tests/${path}`, content),
    reader: "zkg",
    reload: [],
  });
  const tests = detections.flatMap((detection) => {
    const made = detectionTest(detection);
    const { identifier } = detection;
    return made === null
      ? []
      : [
          file(`detections/${identifier}.zeek`, made.script),
          file(`Baseline/detections.${identifier}/output`, made.baseline),
        ];
  });
  return tests.length === 0 ? [] : [file("btest.cfg", render("btest.cfg", { bundle })), ...tests];
}

function emitLoad(
  bundle: string,
  zeek: ZeekModel,
  example: ZeekDetectionModel,
  scripts: readonly { readonly name: string }[],
): string {
  return render("load", {
    title: `Detections of the bundle ${bundle}.`,
    module: zeek.module,
    exampleOption: namesOf(example).threshold,
    exampleValue: code(numberLiteral(example.threshold * 2, countType(example))),
    scripts,
  });
}

/** The log of its own for the bundle's notices; null where OSSEC reads the ordinary notice.log. */
function emitNoticeLog(zeek: ZeekModel, detections: readonly ZeekDetectionModel[]): string | null {
  const { noticeLog } = zeek;
  if (noticeLog.kind !== "dedicated") return null;
  const decoded = detections.flatMap(({ name }) =>
    zeek.capacity === undefined ? [name] : [name, capacityNotice(name)],
  );
  return render("notice-log", {
    module: zeek.module,
    file: `${noticeLog.path}.log`,
    filter: noticeLog.filter,
    path: noticeLog.path,
    columns: code(dedicatedColumns.map(zeekString).join(", ")),
    names: code(
      dedicatedColumns
        .map((name) => `[${zeekString(name)}] = ${zeekString(dedicatedName(noticeLog, name))}`)
        .join(", "),
    ),
    notices: decoded.map((name, index) => ({
      name,
      comma: code(index + 1 < decoded.length ? "," : ""),
    })),
  });
}

function scriptFile(bundle: string, zeek: ZeekModel, name: string, content: string): EmittedFile {
  return {
    path: `zeek/${bundle}/${name}`,
    // A text that is empty once it is made safe would leave a blank after its comment sign.
    content: content.replace(/[ \t]+$/gm, ""),
    mode: 0o644,
    target: `${zeek.site}/${bundle}/${name}`,
    owner: "root:root",
    reader: "zeek",
    reload: reloadOf(zeek),
    merge: "file",
  };
}

/** ZeekControl of the installation that the site folder belongs to: /opt/zeek/share/zeek/site → /opt/zeek/bin. */
function reloadOf({ site }: ZeekModel): readonly (readonly string[])[] {
  const prefix = /^(.*)\/share\/zeek\/site$/.exec(site)?.[1];
  const zeekctl = prefix === undefined ? "zeekctl" : `${prefix}/bin/zeekctl`;
  return [
    [zeekctl, "check"],
    [zeekctl, "deploy"],
  ];
}
