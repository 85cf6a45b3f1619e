/**
 * What is left of an expression once a text was read (partial derivatives, Antimirov): each way through it that reads the
 * whole text gives what must follow. By that the head of a log line, which pre-decoding cuts off, is taken out of an
 * expression that was written for the line with its head.
 */
import { forgetKeys, isDecided, isNullable, itemsOf, keyOf, type Node, sequence } from "./ast.js";
import { setHas } from "./sets.js";

/** What must follow, in order. */
export type Rest = readonly Node[];

/** More ways than these are not followed. */
const mostWays = 400;

/** An expression takes too many steps to be taken apart. */
export class TooMuchWork extends Error {}

const mostSteps = 400_000;
let steps = 0;

/** Steps are counted from here on. */
export function startWork(): void {
  steps = 0;
  forgetKeys();
}

/**
 * The ways on behind a text; the first are those that Python would try first.
 *
 * @throws TooMuchWork
 */
export function consume(rests: readonly Rest[], text: string): readonly Rest[] {
  let ways = rests;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    ways = distinct(ways.flatMap((rest) => step(rest, code)));
    if (ways.length === 0) return [];
  }
  return ways;
}

export function distinct(rests: readonly Rest[]): readonly Rest[] {
  const seen = new Set<string>();
  const kept: Rest[] = [];
  for (const rest of rests) {
    const key = rest.map(keyOf).join();
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(rest);
    if (kept.length >= mostWays) break;
  }
  return kept;
}

function step(rest: Rest, code: number): readonly Rest[] {
  if (++steps > mostSteps) throw new TooMuchWork();
  const [first, ...behind] = rest;
  if (first === undefined) return [];
  switch (first.kind) {
    case "character": {
      const same =
        first.code === code ||
        (first.ignoreCase &&
          String.fromCodePoint(first.code).toLowerCase() === String.fromCodePoint(code).toLowerCase());
      return same ? [behind] : [];
    }
    case "set":
      return setHas(first, code) ? [behind] : [];
    case "sequence":
      return step([...first.items, ...behind], code);
    case "alternatives":
      return first.options.flatMap((option) => step([...itemsOf(option), ...behind], code));
    case "group":
    case "atomic":
      // Groups that others refer to have no place in the head.
      return step([...itemsOf(first.body), ...behind], code);
    case "repeat": {
      if (first.max === 0) return step(behind, code);
      const left: Node = {
        ...first,
        min: Math.max(0, first.min - 1),
        max: first.max - 1,
      };
      const again = step([...itemsOf(first.body)], code).map((inner) => [...inner, left, ...behind]);
      const over = first.min === 0 ? step(behind, code) : [];
      return first.mode === "lazy" ? [...over, ...again] : [...again, ...over];
    }
    case "assertion":
      // What stands at the start is read already; boundaries of words are taken to hold.
      return first.assertion === "end" || first.assertion === "start" ? [] : step(behind, code);
    case "look": {
      const bodies = step([...itemsOf(first.body)], code);
      const fits = isNullable(first.body) || bodies.some((body) => body.every(isNullable));
      const after = step(behind, code);
      if (first.negative) {
        if (fits) return [];
        const looks = bodies.map((body): Node => ({ kind: "look", negative: true, body: sequence(body) }));
        return after.map((one) => [...looks, ...one]);
      }
      if (isNullable(first.body) || fits) return after;
      return bodies.flatMap((body) =>
        after.map((one): Rest => [{ kind: "look", negative: false, body: sequence(body) }, ...one]),
      );
    }
    case "conditional":
    case "backreference":
    case "host":
    case "date":
      return [];
  }
}

/** Characters of which a program's name is made, as pre-decoding takes it. */
const ofPrograms = (code: number): boolean => /[A-Za-z0-9()@/_.-]/.test(String.fromCodePoint(code));
const programLetters = Array.from({ length: 128 }, (_, code) => code).filter(ofPrograms);

/** What stands for the program's name, and what for the message. */
export interface ProgramWay {
  readonly program: readonly Node[];
  readonly message: Rest;
}

/** Ways in which an expression reads the name of a program and what ends it. */
export function programWays(rests: readonly Rest[], ends: readonly string[]): readonly ProgramWay[] {
  const ways: ProgramWay[] = [];
  let walked = 0;
  const walk = (rest: Rest, program: readonly Node[]): void => {
    if (++walked > 4_000 || ways.length >= mostWays) return;
    if (program.some((node) => !isNullable(node)) || program.length > 0)
      for (const end of ends) for (const message of consume([rest], end)) ways.push({ program, message });
    const [first, ...behind] = rest;
    if (first === undefined) return;
    switch (first.kind) {
      case "character":
        if (ofPrograms(first.code)) walk(behind, [...program, first]);
        return;
      case "set":
        if (programLetters.some((letter) => setHas(first, letter))) walk(behind, [...program, first]);
        return;
      case "repeat": {
        const { body } = first;
        if (body.kind === "set" || body.kind === "character") {
          const can =
            body.kind === "set"
              ? programLetters.some((letter) => setHas(body, letter))
              : ofPrograms(body.code);
          if (can) {
            // The run may go on behind the name.
            const run: Rest = [{ ...first, min: 0 }, ...behind];
            for (const end of ends)
              for (const message of consume([run], end)) ways.push({ program: [...program, first], message });
            walk(behind, [...program, first]);
          }
          if (first.min === 0) walk(behind, program);
          return;
        }
        if (first.max === 1) {
          if (isOfPrograms(body)) walk(behind, [...program, first]);
          else walk([...itemsOf(body), ...behind], program);
          if (first.min === 0) walk(behind, program);
          return;
        }
        if (isOfPrograms(body)) walk(behind, [...program, first]);
        if (first.min === 0) walk(behind, program);
        return;
      }
      case "sequence":
        walk([...first.items, ...behind], program);
        return;
      case "group":
      case "atomic":
        if (isOfPrograms(first.body)) walk(behind, [...program, first]);
        else walk([...itemsOf(first.body), ...behind], program);
        return;
      case "alternatives":
        if (isOfPrograms(first)) walk(behind, [...program, first]);
        else for (const option of first.options) walk([...itemsOf(option), ...behind], program);
        return;
      case "assertion":
        if (first.assertion === "wordBoundary" || first.assertion === "notWordBoundary")
          walk(behind, [...program, first]);
        else if (isDecided(first)) walk(behind, program);
        return;
      case "look":
        // What it looks at may be behind the name: only what ends within it is kept.
        if (isOfPrograms(first.body)) walk(behind, [...program, first]);
        return;
      default:
        return;
    }
  };
  for (const rest of rests) {
    // What must not stand anywhere behind stands behind the name, too.
    const looks: Node[] = [];
    while (isFarLook(rest[looks.length])) looks.push(...rest.slice(looks.length, looks.length + 1));
    const before = ways.length;
    walk(rest.slice(looks.length), []);
    if (looks.length > 0)
      ways.push(
        ...ways.splice(before).map(({ program, message }) => ({ program, message: [...looks, ...message] })),
      );
  }
  return ways;
}

/** `(?!.*a)`: it looks as far as the line goes. */
function isFarLook(node: Node | undefined): boolean {
  const first = node?.kind === "look" ? itemsOf(node.body)[0] : undefined;
  return (
    first?.kind === "repeat" &&
    first.min === 0 &&
    first.max === Number.POSITIVE_INFINITY &&
    first.body.kind === "set" &&
    programLetters.every((code) => first.body.kind === "set" && setHas(first.body, code))
  );
}

/** Nothing in it reaches beyond the name of a program. */
function isOfPrograms(node: Node): boolean {
  switch (node.kind) {
    case "character":
      return ofPrograms(node.code);
    case "set":
      return [0x20, 0x3a, 0x5b, 0x5d].every((code) => !setHas(node, code));
    case "sequence":
      return node.items.every(isOfPrograms);
    case "alternatives":
      return node.options.every(isOfPrograms);
    case "group":
    case "atomic":
    case "repeat":
      return isOfPrograms(node.body);
    case "assertion":
      return node.assertion !== "end" && node.assertion !== "start";
    case "look":
      return isOfPrograms(node.body);
    default:
      return false;
  }
}
