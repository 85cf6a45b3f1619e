import { showDuration } from "../../model/duration.js";
import type { SomeSources, TunedDetection, TunedSetting } from "../../tune/tune.js";
import { type Cell, type Column, counted, grouped, type Row, type TableData } from "./table.js";

/** All that a page about tuning shows. */
export interface TuneData {
  readonly kind: "tune";
  readonly detections: readonly TunedDetection[];
}

export const settingsTableId = (index: number): string => `settings-${index}`;

export function tuneTables({ detections }: TuneData): readonly TableData[] {
  return detections.map(settingsTable);
}

/** What a setting is judged by. */
export const numberOf = ({ blocks }: TunedDetection, { blocked, noticed }: TunedSetting): number =>
  blocks ? blocked : noticed;

export const isOwn = ({ own }: TunedDetection, { threshold, window }: TunedSetting): boolean =>
  own.threshold === threshold && own.window === window;

export const settingText = ({
  threshold,
  window,
}: {
  readonly threshold: number;
  readonly window: number;
}): string => `threshold ${grouped(threshold)} in ${showDuration(window)}`;

function settingsTable(detection: TunedDetection, index: number): TableData {
  const { settings, blocks } = detection;
  const [first] = settings;
  const hasGood = first?.knownGood != null;
  const hasBad = first?.knownBad != null;
  const hasOwn = settings.some(({ against }) => against !== undefined);
  const columns: readonly Column[] = [
    { title: "Window", kind: "length" },
    { title: "Threshold", kind: "number" },
    { title: blocks ? "Blocked" : "Noticed", kind: "number" },
    ...(hasGood ? [{ title: "Known good", kind: "number" } as const] : []),
    ...(hasBad ? [{ title: "Known bad", kind: "number" } as const] : []),
    ...(hasOwn
      ? [
          { title: "More than now", kind: "text" } as const,
          { title: "Fewer than now", kind: "text" } as const,
        ]
      : []),
    { title: "Setting", kind: "text" },
  ];
  return {
    id: settingsTableId(index),
    caption: `Sources that would ${blocks ? "be blocked" : "raise a notice"}, by window and threshold`,
    columns,
    rows: settings.map((setting): Row => {
      const { window, threshold, knownGood, knownBad, against } = setting;
      const cells: readonly Cell[] = [
        window,
        threshold,
        numberOf(detection, setting),
        ...(hasGood ? [knownGood?.length ?? 0] : []),
        ...(hasBad ? [knownBad?.length ?? 0] : []),
        ...(hasOwn ? [sourcesText(against?.added), sourcesText(against?.lost)] : []),
        isOwn(detection, setting) ? "← the bundle's setting" : "",
      ];
      return {
        cells,
        tone: (knownGood?.length ?? 0) > 0 ? "bad" : isOwn(detection, setting) ? "good" : "plain",
      };
    }),
    empty: "No setting was tried.",
  };
}

const mostInCell = 2;

function sourcesText(sources: SomeSources | undefined): string {
  if (sources === undefined || sources.count === 0) return "";
  const { count, some } = sources;
  const shown = some.slice(0, mostInCell);
  return `${grouped(count)}: ${shown.join(", ")}${count > shown.length ? ", …" : ""}`;
}

/** What a change from the bundle's setting to this one would do. */
export function changeText(detection: TunedDetection, setting: TunedSetting): readonly string[] {
  const { against, knownGood, knownBad } = setting;
  const done = detection.blocks ? "blocked" : "noticed";
  const list = (word: string, { count, some }: SomeSources): readonly string[] =>
    count === 0
      ? []
      : [
          `${word} ${counted(count, "source")}: ${some.join(", ")}${count > some.length ? `, and ${grouped(count - some.length)} more` : ""}`,
        ];
  const known = (word: string, all: readonly string[] | null): readonly string[] =>
    all === null || all.length === 0
      ? []
      : [
          `${word} ${done}: ${all.slice(0, 20).join(", ")}${all.length > 20 ? `, and ${grouped(all.length - 20)} more` : ""}`,
        ];
  return [
    `${settingText(setting)}: ${counted(numberOf(detection, setting), "source")} ${done}${isOwn(detection, setting) ? ", as the bundle has it" : ""}`,
    ...(against === undefined
      ? []
      : [...list("More than now:", against.added), ...list("Fewer than now:", against.lost)]),
    ...known("Known good,", knownGood),
    ...known("Known bad,", knownBad),
  ];
}
