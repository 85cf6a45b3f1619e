/**
 * Property tests try the same cases in every run, so that a change is judged by itself. `FC_SEED=random`
 * looks at new ones; a failure names its seed.
 */
import fc from "fast-check";

const asked = process.env.FC_SEED ?? "20261121";
if (asked !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) });
