import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type Handlebars from "handlebars";

/** Turns one value into text that is safe in one language; throws when `link` let through what it must refuse. */
export type EscapeHelper = (value: unknown) => string;

/** The helpers of one target by their names in templates. */
export type EscapeHelpers = Readonly<Record<string, EscapeHelper>>;

type Context = Readonly<Record<string, unknown>>;
type Render = (context: Context) => string;

const blocks: ReadonlySet<string> = new Set(["if", "unless", "each", "with"]);

const root = new URL("../../templates/", import.meta.url);

/** Written by bin/build.js: the templates as functions. Not there when zopf runs from its sources. */
const compiledFile = new URL("templates.cjs", import.meta.url);

const require = createRequire(import.meta.url);

/** The helpers of every renderer that was made, by folder. */
const folders = new Map<string, EscapeHelpers>();

/**
 * The renderer of one target: templates are `templates/<folder>/<name>.hbs`, values come out only through
 * `helpers`. Handlebars' own escaping is off: it is for HTML and spoils every language here.
 */
export function renderer(folder: string, helpers: EscapeHelpers): (name: string, context: Context) => string {
  folders.set(folder, helpers);
  const ready = new Map<string, Render>();
  return (name, context) => {
    const render = ready.get(name) ?? load(folder, name, helpers);
    ready.set(name, render);
    return render(context);
  };
}

function load(folder: string, name: string, helpers: EscapeHelpers): Render {
  const specification = compiledTemplates()[`${folder}/${name}`];
  const engine = specification === undefined ? compiler() : runtime();
  const environment = engine.create();
  for (const [helper, escaped] of Object.entries(helpers))
    environment.registerHelper(helper, (value: unknown) => escaped(value));
  if (specification !== undefined) return environment.template<Context>(specification);
  const program = checkedProgram(folder, name, helpers);
  return environment.compile<Context>(program, compileOptions(helpers));
}

/**
 * The text of `templates.cjs`: every template of the renderers that were made. The compiler is then needed
 * only where the package is built, and a build of a bundle starts a tenth of a second earlier.
 */
export function precompiledTemplates(): string {
  const entries = [...folders].flatMap(([folder, helpers]) =>
    readdirSync(new URL(`${folder}/`, root))
      .filter((file) => file.endsWith(".hbs"))
      .sort()
      .map((file) => {
        const name = file.slice(0, -".hbs".length);
        const program = checkedProgram(folder, name, helpers);
        const code = compiler().precompile(program, compileOptions(helpers));
        return `${JSON.stringify(`${folder}/${name}`)}: ${String(code)}`;
      }),
  );
  return `module.exports = {\n${entries.join(",\n")}\n};\n`;
}

function compileOptions(helpers: EscapeHelpers): CompileOptions {
  const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  return { noEscape: true, strict: true, knownHelpers, knownHelpersOnly: true };
}

function checkedProgram(folder: string, name: string, helpers: EscapeHelpers): hbs.AST.Program {
  const program = compiler().parse(readFileSync(new URL(`${folder}/${name}.hbs`, root), "utf8"));
  const places = unescapedIn(program, helpers);
  if (places.length > 0) throw new Error(`templates/${folder}/${name}.hbs: ${places.join("; ")}`);
  return program;
}

// Both are loaded when first needed: they take longer to load than most of zopf.
function compiler(): typeof Handlebars {
  return require("handlebars");
}

function runtime(): typeof Handlebars {
  return require("handlebars/runtime");
}

let templates: Readonly<Record<string, TemplateSpecification>> | null = null;

function compiledTemplates(): Readonly<Record<string, TemplateSpecification>> {
  const read = (): Readonly<Record<string, TemplateSpecification>> =>
    existsSync(compiledFile) ? require(fileURLToPath(compiledFile)) : {};
  templates ??= read();
  return templates;
}

/**
 * The places of a template where a value could come out as it is. Every value must go through one of the
 * target's escape helpers: `{{xmlText description}}`; never `{{description}}`, `{{{description}}}`,
 * partials or helpers of unknown effect.
 */
export function unescapedPlaces(source: string, helpers: EscapeHelpers): readonly string[] {
  return unescapedIn(compiler().parse(source), helpers);
}

function unescapedIn(template: hbs.AST.Program, helpers: EscapeHelpers): readonly string[] {
  const found: string[] = [];
  const at = (node: hbs.AST.Node): string => `${node.loc.start.line}:${node.loc.start.column + 1}`;
  const expression = (node: hbs.AST.Expression | hbs.AST.PathExpression | hbs.AST.Literal): string =>
    "original" in node ? String(node.original) : node.type;
  const walk = (program: hbs.AST.Program | undefined): void => {
    for (const statement of program?.body ?? []) {
      if (isComment(statement) || isContent(statement)) continue;
      if (isMustache(statement)) {
        const name = expression(statement.path);
        if (!statement.escaped) found.push(`${at(statement)} raw {{{${name}}}}`);
        else if (!Object.hasOwn(helpers, name)) found.push(`${at(statement)} {{${name}}} without an escape`);
        else if (statement.params.length !== 1) found.push(`${at(statement)} {{${name}}} needs one value`);
      } else if (isBlock(statement)) {
        const name = expression(statement.path);
        if (!blocks.has(name)) found.push(`${at(statement)} block {{#${name}}}`);
        walk(statement.program);
        walk(statement.inverse);
      } else {
        found.push(`${at(statement)} ${statement.type}`);
      }
    }
  };
  walk(template);
  return found;
}

function isMustache(node: hbs.AST.Statement): node is hbs.AST.MustacheStatement {
  return node.type === "MustacheStatement";
}

function isBlock(node: hbs.AST.Statement): node is hbs.AST.BlockStatement {
  return node.type === "BlockStatement";
}

function isContent(node: hbs.AST.Statement): node is hbs.AST.ContentStatement {
  return node.type === "ContentStatement";
}

function isComment(node: hbs.AST.Statement): node is hbs.AST.CommentStatement {
  return node.type === "CommentStatement";
}
