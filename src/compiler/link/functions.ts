import type { Expression } from "../../model/expression.js";
import { compileFunction, type Expected, type ParameterType } from "../expressions/index.js";
import type { LoadedBundle } from "../load/index.js";
import { codes } from "./codes.js";
import { type Field, type LinkContext, readFunction } from "./field.js";

/** Functions of the bundle as the expression compiler wants them. */
export interface Functions {
  compile(
    field: Field,
    parameters: readonly ParameterType[],
    expected: Expected,
  ): { readonly expressions: readonly Expression[]; readonly tuple: boolean } | null;
}

export function createFunctions(context: LinkContext, bundle: Pick<LoadedBundle, "sourceOf">): Functions {
  return {
    compile(field, parameters, expected) {
      const value = readFunction(context, field);
      if (value === null) return null;
      const source = bundle.sourceOf(value);
      if (source === null) {
        context.diagnostics.push(
          codes.shape(
            field.span(),
            `${field.label} is a function that does not stand in the bundle's own TypeScript, so it cannot become Zeek`,
            "write an arrow function here: (c) => ...",
          ),
        );
        return null;
      }
      const compiled = compileFunction(source, parameters, expected, { sourceOf: bundle.sourceOf });
      if (compiled.ok) return compiled;
      context.diagnostics.push(...compiled.diagnostics);
      return null;
    },
  };
}
