/** Addresses of this machine, for a simulator that listens on all of them. */
import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";

/** The address of this machine in the network of `sender`; any other address if it is in none of them. */
export function addressTowards(sender: string): string {
  const near = ownAddresses().find(({ address, cidr }) => {
    const network = new BlockList();
    network.addSubnet(address, Number(cidr?.split("/")[1] ?? 32));
    return network.check(sender);
  });
  return near?.address ?? anyOwnAddress();
}

/** An address that other machines can reach, if this machine has one. */
export function anyOwnAddress(): string {
  return ownAddresses().find(({ internal }) => !internal)?.address ?? "127.0.0.1";
}

/** The IPv4 addresses of this machine. */
export function ownAddresses() {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family }) => family === "IPv4");
}
