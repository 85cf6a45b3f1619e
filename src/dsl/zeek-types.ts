declare const kind: unique symbol;

/** An IPv4 or IPv6 address. */
export interface Addr {
  readonly [kind]?: { readonly addr: true };
  toString(): string;
}
/** A prefix. */
export interface Subnet {
  readonly [kind]?: { readonly subnet: true };
  toString(): string;
}
/** A port with its transport. */
export interface Port {
  readonly [kind]?: { readonly port: true };
  toString(): string;
}
/** A point in time. */
export interface Time {
  readonly [kind]?: { readonly time: true };
  toString(): string;
}
/** A length of time. */
export interface Interval {
  readonly [kind]?: { readonly interval: true };
  toString(): string;
}
export interface ConnId {
  readonly orig_h: Addr;
  readonly orig_p: Port;
  readonly resp_h: Addr;
  readonly resp_p: Port;
}
export interface ConnInfo {
  readonly conn_state?: string;
}
export interface Connection {
  readonly id: ConnId;
  readonly conn?: ConnInfo;
  readonly history?: string;
}
/** The events that a detection can look at, and the record each gives. */
export interface ZeekEvents {
  readonly new_connection: Connection;
  readonly connection_state_remove: Connection;
}
export const Site: { readonly local_nets: { has(address: Addr): boolean } } = {
  local_nets: { has: () => false },
};
