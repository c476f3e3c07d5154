// What is known of a client connection: its address, and whether what it says about the clients
// before it is believed.

import { BlockList, isIP, type Socket } from "node:net";

export interface Peer {
  /** An IPv4 address, also where it came mapped into IPv6. */
  readonly address: string;
  /** True: forwarded headers of this peer are kept and added to; else they are replaced. */
  readonly trusted: boolean;
  /** Requests of this connection that are not answered to the end. */
  open: number;
  /** One of them has been. */
  readonly closed: () => void;
}

/** Proxies in front of the router. This machine itself is always one of them. */
export class Peers {
  readonly #trusted = new BlockList();
  readonly #known = new WeakMap<Socket, Peer>();

  /** `trusted` are addresses or networks, `10.0.0.0/8`; throws a TypeError for anything else. */
  constructor(trusted: readonly string[]) {
    this.#trusted.addSubnet("127.0.0.0", 8, "ipv4");
    this.#trusted.addAddress("::1", "ipv6");
    for (const entry of trusted) this.#add(entry);
  }

  of(socket: Socket): Peer {
    const known = this.#known.get(socket);
    if (known !== undefined) return known;
    const address = (socket.remoteAddress ?? "").replace(/^::ffff:/i, "");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const trusted = isIP(address) !== 0 && this.#trusted.check(address, family);
    const peer: Peer = { address, trusted, open: 0, closed: () => (peer.open -= 1) };
    this.#known.set(socket, peer);
    return peer;
  }

  #add(entry: string): void {
    const [address = "", bits] = entry.split("/");
    const version = isIP(address);
    const most = version === 6 ? 128 : 32;
    const prefix = bits === undefined ? most : Number(bits);
    if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > most || bits === "") {
      throw new TypeError(`not an address or a network such as 10.0.0.0/8: ${entry}`);
    }
    this.#trusted.addSubnet(address, prefix, version === 6 ? "ipv6" : "ipv4");
  }
}
