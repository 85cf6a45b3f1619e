/** 2026-01-01; each row so much later that no notice is suppressed by the one before. */
export const firstTime = 1_767_225_600;
export const apart = 100_000;

/** Rules that are held against each other's rows and lines: with all of them a folder would take its square in time. */
export const together = 60;
