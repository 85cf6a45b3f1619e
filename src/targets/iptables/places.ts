import type { Model } from "../../model/model.js";

/** Where the bundle's files for iptables and ipset are on the host. */
export function iptablesFolder({ name }: Model): string {
  return `/etc/zopf/${name}`;
}

/** The script that loads them. */
export function loaderFile(model: Model): string {
  return `${iptablesFolder(model)}/load.sh`;
}
