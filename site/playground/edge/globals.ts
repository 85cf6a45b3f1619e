/** Named `Buffer` by bin/site.js wherever the engines name it. */
export { PageBuffer as Buffer } from "./buffer.js";
