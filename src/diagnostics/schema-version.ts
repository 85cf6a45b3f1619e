/**
 * The version of each JSON form: that of its schema in the package, `zopf/schemas/NAME.schema.json`. It grows where
 * something that docs/json.md says stays does not; new properties and kinds do not raise it.
 */
export const schemaVersions = {
  archive: 1,
  build: 1,
  check: 1,
  deploy: 1,
  diagnostic: 1,
  diff: 1,
  explain: 1,
  "explain-row": 1,
  hunt: 1,
  import: 1,
  init: 1,
  lint: 1,
  logtest: 1,
  replay: 1,
  test: 1,
  tune: 1,
} as const;

export type JsonForm = keyof typeof schemaVersions;

/** A document or line of a form, with its newline. */
export function jsonOf(form: JsonForm, value: object): string {
  return `${JSON.stringify({ schemaVersion: schemaVersions[form], ...value })}\n`;
}
