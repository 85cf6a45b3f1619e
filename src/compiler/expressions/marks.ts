import { types } from "node:util";
import { zeekMark as markOf, type ZeekMark } from "../../dsl/zeek-values.js";

/** What a value of the bundle stands for in Zeek; a Proxy, whose traps would run, stands for nothing. */
export function zeekMark(value: unknown): ZeekMark | undefined {
  return types.isProxy(value) ? undefined : markOf(value);
}
