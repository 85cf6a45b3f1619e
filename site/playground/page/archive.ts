/** Rule sets from the reader's disk: folders, .zip and .tar.gz. A chunk of its own. */
import { unzip } from "fflate";

/** Larger files are no rules. */
const largest = 8 << 20;
/** What an archive may unfold to. */
const mostBytes = 256 << 20;

const isWanted = (path: string): boolean =>
  /\.(?:xml|conf)$/i.test(path) || /(?:^|\/)lists\/[^.]+$/.test(path);

export type Picked = Map<string, Uint8Array>;

/** @throws what the archive is damaged by */
export async function filesOf(files: readonly (readonly [path: string, file: File])[]): Promise<Picked> {
  const picked: Picked = new Map();
  for (const [path, file] of files) {
    if (/\.(?:tar\.gz|tgz|tar)$/i.test(path)) await addTar(picked, file);
    else if (/\.zip$/i.test(path)) await addZip(picked, file);
    else if (isWanted(path) && file.size <= largest)
      picked.set(path, new Uint8Array(await file.arrayBuffer()));
  }
  return picked;
}

async function addZip(picked: Picked, file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let sum = 0;
  const filter = ({
    name,
    originalSize,
  }: {
    readonly name: string;
    readonly originalSize: number;
  }): boolean => {
    if (!isWanted(name) || originalSize > largest) return false;
    sum += originalSize;
    return sum <= mostBytes;
  };
  const found = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    unzip(bytes, { filter }, (error, data) => (error === null ? resolve(data) : reject(error)));
  });
  for (const [path, data] of Object.entries(found)) if (!path.endsWith("/")) picked.set(path, data);
}

const block = 512;
const textOf = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
};

/** ustar, and the long names of GNU tar and pax. */
async function addTar(picked: Picked, file: File): Promise<void> {
  const [first = 0, second = 0] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const stream =
    first === 0x1f && second === 0x8b
      ? file.stream().pipeThrough(new DecompressionStream("gzip"))
      : file.stream();
  const bytes = await limited(stream);
  let longName: string | null = null;
  for (let at = 0; at + block <= bytes.length; ) {
    const header = bytes.subarray(at, at + block);
    if (header[0] === 0) break;
    const size = Number.parseInt(textOf(header.subarray(124, 136)).trim(), 8);
    if (!(size >= 0)) throw new Error("it is no tar archive, or damaged");
    const data = bytes.subarray(at + block, at + block + size);
    const type = String.fromCharCode(header[156] ?? 0);
    const prefix = textOf(header.subarray(345, 500));
    const name: string = longName ?? (prefix === "" ? "" : `${prefix}/`) + textOf(header.subarray(0, 100));
    longName = null;
    if (type === "L") longName = textOf(data);
    else if (type === "x") longName = /^\d+ path=(.*)$/m.exec(textOf(data))?.[1] ?? null;
    else if ((type === "0" || type === "\0") && isWanted(name) && size <= largest)
      picked.set(name.replace(/^\.\//, ""), data.slice());
    at += block + Math.ceil(size / block) * block;
  }
}

async function limited(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length > mostBytes) {
      await reader.cancel();
      throw new Error(`it holds more than ${mostBytes >> 20} MiB`);
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
