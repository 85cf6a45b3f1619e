/**
 * The reader's own list: elements and attributes one after the other, each with its depth. The engine
 * finds children, attributes and variables by walking this list (os_xml), so its oddities are kept. The
 * same objects are the document's: a rule set has many thousands, and each is made once.
 */
import type { XmlAttribute, XmlElement } from "./document.js";
import type { SourceRange, SourceText } from "./source.js";

export type Entry = ElementEntry | AttributeEntry;

/** An element **or attribute** of that name in any letter case is a variable. */
function isVariableName(name: string): boolean {
  return name.length === 3 && name.toLowerCase() === "var";
}

/** What `strcpy` would keep. */
export function untilNul(text: string): string {
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
}

/** Shared by all elements without attributes, and by those without children. */
const noAttributes: AttributeEntry[] = [];
const noChildren: ElementEntry[] = [];

export class ElementEntry implements XmlElement {
  readonly source: SourceText;
  readonly depth: number;
  readonly name: string;
  value = "";
  closed = false;
  attributes = noAttributes;
  children = noChildren;
  readonly start: number;
  openEnd: number;
  contentEnd: number;
  end: number;

  /** @param openEnd - behind the `>` of the opening tag, as far as that was read */
  constructor(source: SourceText, name: string, depth: number, start: number, openEnd: number) {
    this.source = source;
    this.depth = depth;
    this.name = name;
    this.start = start;
    this.openEnd = openEnd;
    this.contentEnd = openEnd;
    this.end = openEnd;
  }

  get isAttribute(): false {
    return false;
  }

  get isVariable(): boolean {
    return isVariableName(this.name);
  }

  /** The content begins where the opening tag ends. */
  get contentStart(): number {
    return this.openEnd;
  }

  addAttribute(attribute: AttributeEntry): void {
    if (this.attributes === noAttributes) this.attributes = [attribute];
    else this.attributes.push(attribute);
  }

  addChild(child: ElementEntry): void {
    if (this.children === noChildren) this.children = [child];
    else this.children.push(child);
  }

  /** The opening tag was read. */
  opened(end: number): void {
    this.openEnd = end;
    this.contentEnd = end;
    this.end = end;
  }

  /** The closing tag was read. */
  close(value: string, contentEnd: number, end: number): void {
    this.value = value;
    this.closed = true;
    this.contentEnd = contentEnd;
    this.end = end;
  }

  get place(): SourceRange {
    return { source: this.source, start: this.start, end: this.end };
  }

  get opening(): SourceRange {
    return { source: this.source, start: this.start, end: this.openEnd };
  }

  get content(): SourceRange {
    if (this.contentEnd <= this.contentStart) return this.opening;
    return { source: this.source, start: this.contentStart, end: this.contentEnd };
  }
}

export class AttributeEntry implements XmlAttribute {
  readonly source: SourceText;
  readonly depth: number;
  readonly name: string;
  value: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;

  constructor(
    source: SourceText,
    depth: number,
    name: string,
    value: string,
    nameStart: number,
    nameEnd: number,
    valueStart: number,
    valueEnd: number,
  ) {
    this.source = source;
    this.depth = depth;
    this.name = name;
    this.value = value;
    this.nameStart = nameStart;
    this.nameEnd = nameEnd;
    this.valueStart = valueStart;
    this.valueEnd = valueEnd;
  }

  get isAttribute(): true {
    return true;
  }

  get isVariable(): boolean {
    return isVariableName(this.name);
  }

  get namePlace(): SourceRange {
    return { source: this.source, start: this.nameStart, end: this.nameEnd };
  }

  get valuePlace(): SourceRange {
    if (this.valueEnd <= this.valueStart) return this.namePlace;
    return { source: this.source, start: this.valueStart, end: this.valueEnd };
  }
}
