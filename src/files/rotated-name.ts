import { basename } from "node:path";

/** What logrotate and others put behind a log's name: `.1`, `-20260611`, `.2.gz`. */
const rotation = /(?:[.-]\d[\d:_.+-]*)?(?:\.(?:gz|zst))?$/;

/** The path of the log that a file is a piece of: `/var/log/auth.log` of `/var/log/auth.log.2.gz`. */
export const unrotated = (file: string): string => file.replace(rotation, "");

/** Whether two files are named like pieces of one log, wherever they lie. */
export const areOneLog = (a: string, b: string): boolean => basename(unrotated(a)) === basename(unrotated(b));
