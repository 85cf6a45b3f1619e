import type { Model, OssecModel } from "../../model/model.js";
import type { EmittedFile, Merge } from "../file.js";

/** What a suite calls itself and the daemon that runs the responses. */
export function suiteNames({ dialect }: OssecModel): { readonly suite: string; readonly execd: string } {
  switch (dialect) {
    case "ossec":
      return { suite: "OSSEC", execd: "ossec-execd" };
    case "wazuh":
      return { suite: "Wazuh", execd: "wazuh-execd" };
  }
}

/** Who owns the files of a suite, and what makes its daemons read them again. */
export function installed({ dialect, home }: OssecModel): Pick<EmittedFile, "owner" | "reload"> {
  switch (dialect) {
    case "ossec":
      return { owner: "root:ossec", reload: [[`${home}/bin/ossec-control`, "restart"]] };
    case "wazuh":
      return { owner: "root:wazuh", reload: [[`${home}/bin/wazuh-control`, "restart"]] };
  }
}

/** A file of the suite that a bundle has entries in. */
export interface SuiteFile {
  readonly kind: "decoders" | "rules" | "conf";
  /** In the output. */
  readonly path: string;
  /** Below the home. */
  readonly place: string;
  readonly merge: Merge;
}

/**
 * The three files. OSSEC's are shared with everybody; Wazuh reads every file of two folders, so that there the
 * bundle's rules and decoders have files of their own (docs/reference/wazuh.md#in-short).
 */
export function suiteFiles({ name, ossec }: Model): Readonly<Record<SuiteFile["kind"], SuiteFile>> {
  return suiteFilesOf(name, ossec.dialect);
}

export function suiteFilesOf(
  name: string,
  dialect: OssecModel["dialect"],
): Readonly<Record<SuiteFile["kind"], SuiteFile>> {
  const file = (kind: SuiteFile["kind"], path: string, place: string, merge: Merge): SuiteFile => ({
    kind,
    path,
    place,
    merge,
  });
  switch (dialect) {
    case "ossec":
      return {
        decoders: file("decoders", "ossec/local_decoder.xml", "etc/local_decoder.xml", "append"),
        rules: file("rules", "ossec/local_rules.xml", "rules/local_rules.xml", "append"),
        conf: file("conf", "ossec/ossec.conf", "etc/ossec.conf", "append"),
      };
    case "wazuh": {
      const [decoders, rules] = [`${name}_decoders.xml`, `${name}_rules.xml`];
      return {
        decoders: file("decoders", `wazuh/${decoders}`, `etc/decoders/${decoders}`, "file"),
        rules: file("rules", `wazuh/${rules}`, `etc/rules/${rules}`, "file"),
        conf: file("conf", "wazuh/ossec.conf", "etc/ossec.conf", "append"),
      };
    }
  }
}
