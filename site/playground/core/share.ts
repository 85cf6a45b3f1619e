/** The page's state as a part of its address: nothing of it is sent to anybody. */
import { engineNames, type PlaygroundInput } from "./input.js";

/** Which part of the page is open. */
export const viewNames = ["rules", "pattern", "bundle"] as const;
export type ViewName = (typeof viewNames)[number];

export interface SharedState extends PlaygroundInput {
  readonly view: ViewName;
  /** The editors' files are all that there is: what they name and do not hold is missing. */
  readonly closed: boolean;
  readonly language: "osregex" | "osmatch" | "pcre2";
  readonly pattern: string;
  readonly texts: string;
}

/** Longer ones are cut off by some programs that pass addresses on. */
export const longestLink = 60_000;
/** What a link may unfold to, in characters: a page must not be filled by whoever sends one. */
const longestState = 4 << 20;

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length > longestState) {
      await reader.cancel();
      throw new RangeError("too long");
    }
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

/** The fragment of an address, without its `#`. */
export async function fragmentOf(state: SharedState): Promise<string> {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(state)));
  return `v1.${base64url(await through(bytes, new CompressionStream("deflate-raw")))}`;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The state of a fragment; null: it is none, or damaged. */
export async function stateOf(fragment: string): Promise<SharedState | null> {
  const [, body] = /^#?v1\.([A-Za-z0-9_-]+)$/.exec(fragment) ?? [];
  if (body === undefined) return null;
  try {
    const bytes = await through(bytesOfBase64(body), new DecompressionStream("deflate-raw"));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? checked({ ...value }) : null;
  } catch {
    return null;
  }
}

function checked(value: Readonly<Record<string, unknown>>): SharedState {
  return {
    engine: engineNames.find((name) => name === value.engine) ?? "4.3",
    view: viewNames.find((name) => name === value.view) ?? "rules",
    closed: value.closed === true,
    decoders: textOf(value.decoders),
    rules: textOf(value.rules),
    conf: textOf(value.conf),
    lines: textOf(value.lines),
    language: (["osregex", "osmatch", "pcre2"] as const).find((name) => name === value.language) ?? "osregex",
    pattern: textOf(value.pattern),
    texts: textOf(value.texts),
  };
}
