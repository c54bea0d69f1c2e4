/** The peer's own server of its stores, in a process of its own, and what it counts. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface PeerServer {
  readonly address: string;
  counts(): Promise<{ readonly requests: number; readonly bytes: number; readonly missing: number }>;
  stop(): void;
}

export const peerServer = async (
  python: string,
  script: string,
  stores: string,
  milliseconds: number,
): Promise<PeerServer> => {
  const child = spawn(python, [script, stores, "--port", "0", "--delay-ms", `${milliseconds}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { value, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (done) throw new Error("the peer's server ended");
  const address = `${value}`.trim();
  return {
    address,
    counts: async () => (await fetch(`${address}/__counts`)).json() as never,
    stop: () => void child.kill(),
  };
};
