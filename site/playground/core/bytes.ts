/** The engines read latin1 strings, a unit a byte; editors hold UTF-16. */
import { latin1 as latin1Of } from "../../../src/files/ossec-source.js";

const encoder = new TextEncoder();

/** The bytes of a text in UTF-8. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** The same as a latin1 string. */
export const latin1 = (text: string): string => latin1Of(encoder.encode(text));

const ascii = /^[\0-\x7f]*$/;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that are not UTF-8 become U+FFFD. */
export const utf8 = (text: string): string =>
  ascii.test(text) ? text : decoder.decode(Uint8Array.from(text, (unit) => unit.charCodeAt(0)));

/** A byte offset as a place in the text that an editor holds. */
export const placeOf = (text: string, offset: number): number => utf8(text.slice(0, offset)).length;
