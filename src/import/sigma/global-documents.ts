/** Documents of one file that share what a document with `action: global` says, as older collections of rules do. */
import type { YamlValue } from "./yaml-file.js";

type YamlMap = Extract<YamlValue, { kind: "map" }>;

/**
 * Each rule by itself. `global`: what it says holds for all that follow, over what they say themselves; `reset`: no
 * longer; `repeat`: the document before once more, with what this one says instead.
 */
export function withGlobals(documents: readonly YamlValue[]): readonly YamlValue[] {
  const found: YamlValue[] = [];
  let shared: YamlMap | null = null;
  let before: YamlMap | null = null;
  for (const document of documents) {
    const action = document.kind === "map" ? actionOf(document) : null;
    if (document.kind !== "map") found.push(document);
    else if (action === null) {
      before = shared === null ? document : merged(document, shared);
      found.push(before);
    } else if (action === "global") {
      shared = without(document);
      before = shared;
    } else if (action === "reset") shared = null;
    else if (action === "repeat" && before !== null) {
      before = { ...merged(before, without(document)), place: document.place };
      found.push(before);
    } else found.push(document);
  }
  return found;
}

function actionOf(document: YamlMap): string | null {
  const action = document.entries.find(({ key }) => key === "action")?.value;
  return action?.kind === "scalar" ? action.text : null;
}

const without = (document: YamlMap): YamlMap => ({
  ...document,
  entries: document.entries.filter(({ key }) => key !== "action"),
});

/** The entries of one map, with those of another over them; maps in maps likewise. */
function merged(under: YamlMap, over: YamlMap): YamlMap {
  const upper = new Map(over.entries.map((one) => [one.key, one]));
  const entries = under.entries.map((one) => {
    const other = upper.get(one.key);
    if (other === undefined) return one;
    upper.delete(one.key);
    return one.value.kind === "map" && other.value.kind === "map"
      ? { ...other, value: merged(one.value, other.value) }
      : other;
  });
  return { ...under, entries: [...entries, ...upper.values()] };
}
