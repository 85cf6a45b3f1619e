import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import type { OssecModel, RawModel } from "../../model/model.js";
import type { XmlElement } from "../../ossec/xml/document.js";
import { readXml } from "../../ossec/xml/read.js";
import { positionAt, type SourceText, sourceText } from "../../ossec/xml/source.js";
import { dialectOf } from "../../targets/ossec/dialect.js";
import { codes } from "../codes.js";
import { engineText } from "../decode/pattern.js";
import type { RawDeclaration } from "../decode/raw.js";
import type { LinkContext } from "./context.js";

/** The raw XML with what it defines and what it names; null, and reported, where it cannot be read. */
export function linkRaw(context: LinkContext, declared: RawDeclaration, ossec: OssecModel): RawModel | null {
  const { places, report } = context;
  const { name, decoders = null, rules = null, samples = [] } = declared;
  if (decoders === null && rules === null)
    return report(codes.missing(places.of(declared).span(), `"${name}" has neither decoders nor rules`));
  const read = (
    key: "decoders" | "rules",
    text: string | null,
    root: string,
  ): readonly XmlElement[] | null => {
    if (text === null) return [];
    const source = sourceText("", engineText(text));
    const refuse = (at: number, what: string): null =>
      report(wrong(source, at, what, { name, key, span: places.at(declared, key).span() }));
    const { roots, problem } = readXml(source, {
      dialect: dialectOf(ossec),
      variables: false,
    });
    if (problem !== null) return refuse(problem.start, problem.reason);
    const variable = source.text.search(/<var[\s>]/i);
    if (variable !== -1)
      return refuse(
        variable,
        "a variable would be one for everything behind it in the host's file: write its value",
      );
    const stray = roots.find((element) => element.name !== root);
    return stray === undefined ? roots : refuse(stray.start, `<${stray.name}> is no <${root}>`);
  };
  const decoderRoots = read("decoders", decoders, "decoder");
  const ruleRoots = read("rules", rules, "group");
  if (decoderRoots === null || ruleRoots === null) return null;
  const all = ruleRoots.flatMap((group) =>
    group.children.filter((element) => element.name === "rule").map((element) => ({ element, group })),
  );
  const overwrites = all.filter(({ element }) => attribute(element, "overwrite") === "yes");
  const own = all.filter((one) => !overwrites.includes(one));
  const values = (names: readonly string[]): readonly string[] =>
    all.flatMap(({ element }) =>
      element.children.filter((child) => names.includes(child.name)).map(({ value }) => value),
    );
  const numbers = (texts: readonly string[]): readonly number[] =>
    texts.flatMap((value) => (value.match(/\d+/g) ?? []).map(Number));
  return {
    name,
    decoders,
    rules,
    decoderNames: [...new Set(decoderRoots.map((element) => attribute(element, "name")))],
    ruleIds: own.map(({ element }) => Number(attribute(element, "id"))),
    groups: [
      ...new Set(
        own.flatMap(({ element, group }) =>
          [
            attribute(group, "name"),
            ...element.children.filter((child) => child.name === "group").map(({ value }) => value),
          ]
            .join(",")
            .split(",")
            .filter((word) => word !== ""),
        ),
      ),
    ],
    names: {
      rules: [
        ...numbers(values(["if_sid", "if_matched_sid"])),
        ...overwrites.map(({ element }) => Number(attribute(element, "id"))),
      ],
      groups: values(["if_group", "if_matched_group"]),
      lists: values(["list"]),
      decoders: [
        ...values(["decoded_as"]),
        ...decoderRoots.flatMap(({ children }) =>
          children.filter((child) => child.name === "parent").map(({ value }) => value),
        ),
      ],
    },
    samples: samples.map((sample) => ({
      line: sample.line,
      rule: sample.rule,
      span: places.at(sample, "line").span(),
    })),
    before: declared.before ?? null,
    ...(declared.after === undefined || declared.before !== undefined ? {} : { after: declared.after }),
    span: places.of(declared).span(),
  };
}

function wrong(
  source: SourceText,
  at: number,
  what: string,
  { name, key, span }: { readonly name: string; readonly key: string; readonly span: Span },
): Diagnostic {
  return codes.raw(span, `line ${positionAt(source, at).line} of the ${key} of "${name}": ${what}`);
}

function attribute(element: XmlElement, name: string): string {
  return element.attributes.find((one) => one.name === name)?.value ?? "";
}
