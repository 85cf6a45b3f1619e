/** Addresses as texts of lines. */

export const bare = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/^::ffff:(?=\d+\.)/, "");

export const sameAddress = (one: string, other: string | null): boolean =>
  other !== null && bare(one) === bare(other);

export const latin1 = (line: string): string => Buffer.from(line, "utf8").toString("latin1");
