/** Sections of ossec.conf as they are written: the loaded form does not keep where each value stands. */

import type { ActiveResponseDefinition, LoadedOssec } from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import type { XmlElement } from "../ossec/xml/document.js";
import { readXml } from "../ossec/xml/read.js";
import type { SourceRange, SourceText } from "../ossec/xml/source.js";

export interface ConfElement {
  readonly name: string;
  readonly value: string;
  readonly place: SourceRange;
  readonly opening: SourceRange;
}

export interface ConfSection {
  readonly name: string;
  readonly opening: SourceRange;
  readonly elements: readonly ConfElement[];
  /** The first of its name in its `<ossec_config>`. */
  readonly isFirst: boolean;
}

function elementOf(element: XmlElement): ConfElement {
  return {
    name: element.name,
    value: element.value,
    place: element.content,
    opening: element.opening,
  };
}

export function confSections(source: SourceText, dialect: Dialect): readonly ConfSection[] {
  const document = readXml(source, { dialect, variables: false });
  return document.roots
    .filter(({ name }) => name === "ossec_config")
    .flatMap(({ children }) =>
      children.map((section) => ({
        name: section.name,
        opening: section.opening,
        elements: section.children.map((element) => elementOf(element)),
        isFirst: children.find(({ name }) => name === section.name) === section,
      })),
    );
}

export function elementOfSection(section: ConfSection, name: string): ConfElement | undefined {
  return section.elements.findLast((element) => element.name === name);
}

/** An active response in force, and the section that it was read from. */
export interface WrittenResponse {
  readonly response: ActiveResponseDefinition;
  readonly index: number;
  readonly section: ConfSection;
}

export function writtenResponses(
  loaded: LoadedOssec,
  sections: readonly ConfSection[],
): readonly WrittenResponse[] {
  return loaded.conf.activeResponses.flatMap((response, index) => {
    const place = loaded.written.responses[index];
    const section = sections.find(
      ({ opening }) => opening.start === place?.start && opening.source.file === place.source.file,
    );
    return section === undefined ? [] : [{ response, index, section }];
  });
}

/** Place of an element of a section, or of the section where it has none. */
export function placeInSection(section: ConfSection, ...names: readonly string[]): SourceRange {
  return section.elements.findLast(({ name }) => names.includes(name))?.place ?? section.opening;
}
