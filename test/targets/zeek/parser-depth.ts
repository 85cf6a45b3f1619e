import { tokenize } from "../../compiler/expressions/zeek-reference.js";

/**
 * Counts the symbols that an LR parser with Zeek's precedences holds at most while it reads an expression: a
 * shift adds one, a reduction by `E op E` takes two, by a parenthesis two, of a list's element two. Knows nothing
 * of how zopf makes texts.
 */
export function parserDepth(text: string): number {
  const stack: string[] = [];
  let most = 0;
  const push = (symbol: string): void => {
    stack.push(symbol);
    most = Math.max(most, stack.length);
  };
  const reduceTo = (level: number): void => {
    for (;;) {
      const [b = "", op = "", e = ""] = [stack.at(-3), stack.at(-2), stack.at(-1)];
      if (e !== "E") return;
      if (b === "E" && binaryLevel(op) >= Math.max(level, 1)) stack.splice(-3, 3, "E");
      else if (op === "!" || op === "neg") {
        if (level > prefixLevel) return;
        stack.splice(-2, 2, "E");
      } else if (op === ":" && level === 0 && stack.at(-4) === "?") stack.splice(-5, 5, "E");
      else return;
    }
  };
  const close = (open: string): void => {
    reduceTo(0);
    // `f ( list`, `( E`, `| E`: a list's last element belongs to it.
    const at = stack.lastIndexOf(open);
    if (at < 0) throw new Error(`nothing is open before ${open}: ${text.slice(0, 200)}`);
    const isCall = open !== "|" && stack[at - 1] === "E";
    stack.splice(isCall ? at - 1 : at);
    push("E");
  };
  let wantsValue = true;
  for (const { kind, text: token } of tokenize(text)) {
    if (kind !== "op" && kind !== "name" && token !== "bit-or") {
      push("E");
      wantsValue = false;
    } else if (kind === "name" && token !== "in") {
      if (stack.at(-1) === "$" || stack.at(-1) === "?$") {
        push(token);
        stack.splice(-3, 3, "E");
      } else push("E");
      wantsValue = false;
    } else if (token === "(" || token === "[") {
      push(token);
      wantsValue = true;
    } else if (token === ")" || token === "]") {
      if (stack.at(-1) === "(") push("E");
      close(token === ")" ? "(" : "[");
      wantsValue = false;
    } else if (token === "|" && !wantsValue) {
      close("|");
      wantsValue = false;
    } else if (token === ",") {
      reduceTo(0);
      if (stack.at(-2) === ",") stack.splice(-2, 2);
      push(",");
      wantsValue = true;
    } else if (token === "$" || token === "?$") push(token);
    else if (wantsValue) push(token === "|" || token === "!" ? token : "neg");
    else {
      if (token === "?" || token === ":") reduceTo(token === "?" ? 1 : 0);
      else reduceTo(binaryLevel(token));
      push(token);
      wantsValue = true;
    }
    if (token === "!" || token === "-") wantsValue = true;
  }
  reduceTo(0);
  if (stack.length !== 1) throw new Error(`not balanced: ${stack.join(" ")} in ${text.slice(0, 200)}`);
  return most;
}

const prefixLevel = 9;

/** How tightly an operator binds; 0 for what is none. */
function binaryLevel(operator: string): number {
  if (operator === "||") return 1;
  if (operator === "&&") return 2;
  if (["==", "!=", "<", "<=", ">", ">="].includes(operator)) return 3;
  if (operator === "in" || operator === "!in") return 4;
  if (["&", "^", "bit-or"].includes(operator)) return 5;
  if (operator === "+" || operator === "-") return 6;
  return ["*", "/", "%"].includes(operator) ? 7 : 0;
}

/** The same of a function's statements; a block in it takes six, what stands around it up to 16. */
export function functionDepth(source: string): number {
  let most = 0;
  let blocks = 0;
  for (const line of source.split("\n").slice(1)) {
    const code = line.trim();
    if (code === "{") blocks += 1;
    else if (code === "}") blocks -= 1;
    else {
      const text = /^(?:if \( (.*) \)|local \w+: [\w: ]+ = (.*);|return (.*);)$/s.exec(code);
      if (text === null) throw new Error(`no statement: ${code}`);
      most = Math.max(most, 16 + 6 * blocks + parserDepth(text[1] ?? text[2] ?? text[3] ?? ""));
    }
  }
  return most;
}
