import type { Diagnostic, Span } from "../diagnostics/diagnostic.js";
import { readsLog } from "../model/hosts.js";
import type { CompiledBundle } from "./compile.js";
import { codes } from "./output/codes.js";

export type Selected =
  | { readonly ok: true; readonly bundle: CompiledBundle; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

type Show = (path: string) => string;

/** The host that a command is about (`diff`, `deploy`): the named one, or the only one. */
export function selectTarget(bundles: readonly CompiledBundle[], name: string | null, show: Show): Selected {
  const [first] = bundles;
  if (first === undefined) return { ok: false, diagnostics: [] };
  if (name !== null) return named(bundles, first, name, show);
  if (bundles.length === 1) return { ok: true, bundle: first, diagnostics: [] };
  return refuse(
    first,
    show,
    `the bundle "${first.model.name}" is for ${bundles.length} hosts, and this is about one of them`,
    `name it with --target: ${targetNames(bundles)}`,
  );
}

/**
 * The host whose OSSEC analyses what a bundle's sensors see: the server, or the only one that there is. Where
 * every host stands alone each would do the same with the same logs: without a name the first sensor is taken,
 * and told.
 */
export function selectAnalysis(
  bundles: readonly CompiledBundle[],
  name: string | null,
  show: Show,
): Selected {
  const [first] = bundles;
  if (first === undefined) return { ok: false, diagnostics: [] };
  const server = bundles.find(({ model }) => model.host?.ossec === "server");
  if (name !== null) {
    const found = named(bundles, first, name, show);
    return found.ok && server !== undefined ? { ...found, bundle: server } : found;
  }
  if (server !== undefined) return { ok: true, bundle: server, diagnostics: [] };
  const bundle =
    bundles.find(({ model }) => model.host?.sensor === true) ??
    bundles.find(({ model }) => model.detections.some((one) => one.kind === "log" && readsLog(model, one))) ??
    first;
  const reported =
    bundles.length === 1
      ? []
      : [
          codes.oneTarget(
            at(first, show),
            `the hosts of "${first.model.name}" stand alone, each with logs of its own: taken is ${bundle.model.host?.name ?? "the first"}`,
            `name another one with --target: ${targetNames(bundles)}`,
          ),
        ];
  return { ok: true, bundle, diagnostics: reported };
}

/** Those of the bundles that `--target` leaves; all of them without it. A bundle without targets stays. */
export function onlyTarget(
  bundles: readonly CompiledBundle[],
  name: string | null,
  show: Show,
): { readonly bundles: readonly CompiledBundle[]; readonly diagnostics: readonly Diagnostic[] } {
  const [first] = bundles;
  if (name === null || first === undefined) return { bundles, diagnostics: [] };
  const found = bundles.filter(({ model }) => model.host?.name === name);
  if (found.length > 0) return { bundles: found, diagnostics: [] };
  const selected = named(bundles, first, name, show);
  return { bundles: [], diagnostics: selected.diagnostics };
}

function named(
  bundles: readonly CompiledBundle[],
  first: CompiledBundle,
  name: string,
  show: Show,
): Selected {
  const bundle = bundles.find(({ model }) => model.host?.name === name);
  if (bundle !== undefined) return { ok: true, bundle, diagnostics: [] };
  const names = targetNames(bundles);
  return names === ""
    ? refuse(first, show, `"${first.model.name}" is for one host and has no targets`, "leave --target out")
    : refuse(
        first,
        show,
        `"${first.model.name}" has no target ${JSON.stringify(name.slice(0, 80))}`,
        `there are: ${names}`,
      );
}

const mostNames = 12;

function targetNames(bundles: readonly CompiledBundle[]): string {
  const names = bundles.flatMap(({ model }) => model.host?.name ?? []);
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
  return `${names.slice(0, mostNames).join(", ")}${more}`;
}

function refuse(bundle: CompiledBundle, show: Show, message: string, help: string): Selected {
  return { ok: false, diagnostics: [codes.target(at(bundle, show), message, help)] };
}

/** The bundle's first target, behind which the others stand; a bundle without targets has no such place. */
function at({ file, model }: CompiledBundle, show: Show): Span {
  return model.host?.span ?? { file: show(file), line: 1, column: 1 };
}
