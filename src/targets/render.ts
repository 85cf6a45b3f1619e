import { readFileSync } from "node:fs";
import Handlebars from "handlebars";

/** Turns one value into text that is safe in one language; throws when `link` let through what it must refuse. */
export type EscapeHelper = (value: unknown) => string;

/** The helpers of one target by their names in templates. */
export type EscapeHelpers = Readonly<Record<string, EscapeHelper>>;

const blocks: ReadonlySet<string> = new Set(["if", "unless", "each", "with"]);

const root = new URL("../../templates/", import.meta.url);

type Context = Readonly<Record<string, unknown>>;
type Render = (context: Context) => string;

/**
 * The places of a template where a value could come out as it is. Every value must go through one of the
 * target's escape helpers: `{{xmlText description}}`; never `{{description}}`, `{{{description}}}`,
 * partials or helpers of unknown effect.
 */
export function unescapedPlaces(source: string, helpers: EscapeHelpers): readonly string[] {
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
  walk(Handlebars.parse(source));
  return found;
}

/**
 * The renderer of one target: templates are `templates/<folder>/<name>.hbs`, values come out only through
 * `helpers`. Handlebars' own escaping is off: it is for HTML and spoils every language here.
 */
export function renderer(folder: string, helpers: EscapeHelpers): (name: string, context: Context) => string {
  const compiled = new Map<string, Render>();
  const environment = Handlebars.create();
  for (const [name, helper] of Object.entries(helpers))
    environment.registerHelper(name, (value: unknown) => helper(value));
  const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  return (name, context) => {
    let render = compiled.get(name);
    if (render === undefined) {
      const source = templateSource(folder, name);
      const places = unescapedPlaces(source, helpers);
      if (places.length > 0) throw new Error(`templates/${folder}/${name}.hbs: ${places.join("; ")}`);
      render = environment.compile<Context>(source, {
        noEscape: true,
        strict: true,
        knownHelpers,
        knownHelpersOnly: true,
      });
      compiled.set(name, render);
    }
    return render(context);
  };
}

/** The text of a template of the package. */
export function templateSource(folder: string, name: string): string {
  return readFileSync(new URL(`${folder}/${name}.hbs`, root), "utf8");
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
