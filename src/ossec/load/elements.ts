import type { AttributePlace, ElementPlace } from "../definitions.js";
import {
  attributePlace,
  contentPlace,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
} from "../xml/document.js";

export function attributePlaces(
  document: XmlDocument,
  attributes: readonly XmlAttribute[],
): readonly AttributePlace[] {
  const { source } = document;
  return attributes.map((attribute) => ({
    name: attribute.name,
    value: attribute.value,
    namePlace: { source, start: attribute.nameStart, end: attribute.nameEnd },
    valuePlace: attributePlace(document, attribute),
  }));
}

/** What lint wants to know of an element, also of one that the engine ignores. */
export function elementPlaces(
  document: XmlDocument,
  elements: readonly XmlElement[],
): readonly ElementPlace[] {
  const { source } = document;
  return elements.map((element) => ({
    name: element.name,
    place: { source, start: element.start, end: element.end },
    opening: { source, start: element.start, end: element.openEnd },
    content: contentPlace(document, element),
    value: element.value,
    attributes: attributePlaces(document, element.attributes),
  }));
}

/** An object's list that is made when it is first asked for: most loads never ask. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
