import type { Decoder } from "../../../src/compiler/decode/decoder.js";
import { Places, rootField } from "../../../src/compiler/decode/field.js";
import type { Diagnostic, Span } from "../../../src/diagnostics/diagnostic.js";

export const span: Span = { file: "b.zopf.ts", line: 1, column: 1 };

/** What a decoder makes of a value, and what it reports. */
export function read<Out>(
  decode: Decoder<Out, never>,
  value: unknown,
): { readonly declared: Out | null; readonly places: Places; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const places = new Places();
  const declared = decode(rootField(value, { locate: () => span }, diagnostics, places));
  return { declared, places, diagnostics };
}
