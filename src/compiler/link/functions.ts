import type { Expression } from "../../model/expression.js";
import { codes } from "../codes.js";
import type { BundleFunction } from "../decode/decoder.js";
import type { SourceRange } from "../decode/field.js";
import { compileFunction, type Expected, type ParameterType } from "../expressions/index.js";
import type { LoadedBundle } from "../load/index.js";
import type { LinkContext } from "./context.js";

/** Functions of the bundle as the expression compiler wants them. */
export interface Functions {
  compile(
    fn: BundleFunction,
    place: SourceRange,
    parameters: readonly ParameterType[],
    expected: Expected,
  ): { readonly expressions: readonly Expression[]; readonly tuple: boolean } | null;
}

export function createFunctions(context: LinkContext, bundle: Pick<LoadedBundle, "sourceOf">): Functions {
  return {
    compile(fn, place, parameters, expected) {
      const source = bundle.sourceOf(fn);
      if (source === null)
        return context.report(
          codes.shape(
            place.span(),
            `${place.label} is a function that does not stand in the bundle's own TypeScript, so it cannot become Zeek`,
            "write an arrow function here: (c) => ...",
          ),
        );
      const compiled = compileFunction(source, parameters, expected, { sourceOf: bundle.sourceOf });
      if (compiled.ok) return compiled;
      for (const found of compiled.diagnostics) context.report(found);
      return null;
    },
  };
}
