/** In place of src/files/streamed-input.ts. */
export { readBytes } from "./files.js";
