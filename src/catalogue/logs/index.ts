import type { ServiceKind } from "../../dsl/service.js";
import { webBadRequest, webMissing, webProbes, webRefused, webScripts, wordpress } from "./access.js";
import { apacheAttacks, apacheAuth } from "./apache.js";
import {
  mysqld,
  namedQueries,
  namedTransfers,
  openvpn,
  phpmyadmin,
  proftpd,
  pureFtpd,
  recidive,
  roundcube,
  vsftpd,
} from "./daemons.js";
import { dovecot, exim, postfixReject, postfixSasl } from "./mail.js";
import { nginxAuth, nginxForbidden, nginxLimit, nginxTls } from "./nginx.js";
import { pam } from "./pam.js";
import type { ServicePreset } from "./preset.js";
import { sshd, sshdProbes } from "./sshd.js";

/** In the order of docs/services.md. */
export const services: readonly ServicePreset[] = [
  sshd,
  sshdProbes,
  pam,
  nginxAuth,
  nginxLimit,
  nginxForbidden,
  nginxTls,
  apacheAuth,
  apacheAttacks,
  webRefused,
  webMissing,
  webBadRequest,
  webProbes,
  webScripts,
  wordpress,
  phpmyadmin,
  roundcube,
  postfixSasl,
  postfixReject,
  dovecot,
  exim,
  vsftpd,
  proftpd,
  pureFtpd,
  openvpn,
  namedTransfers,
  namedQueries,
  mysqld,
  recidive,
];

export const serviceKinds: readonly ServiceKind[] = services.map(({ service }) => service);

/** The preset for the log of a service. */
export function presetOfService(service: ServiceKind): ServicePreset {
  const preset = services.find((one) => one.service === service);
  if (preset === undefined) throw new Error(`bug in zopf: no preset is called ${service}`);
  return preset;
}
