/** The peer's own server of its stores, in a process of its own, and what it counts. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface PeerServer {
  readonly address: string;
  counts(): Promise<{ readonly requests: number; readonly bytes: number; readonly missing: number }>;
  /** Requests of chunks of more than one dimension: coordinates and metadata are none. */
  chunkRequests(): number;
  stop(): void;
}

export const peerServer = async (
  python: string,
  script: string,
  stores: string,
  milliseconds: number,
  work: string,
): Promise<PeerServer> => {
  const log = join(work, "requests.log");
  const words = [script, stores, "--port", "0", "--delay-ms", `${milliseconds}`, "--log", log];
  const child = spawn(python, words, { stdio: ["ignore", "pipe", "inherit"] });
  const { value, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (done) throw new Error("the peer's server ended");
  const address = `${value}`.trim();
  return {
    address,
    chunkRequests: () => readFileSync(log, "utf8").match(/\/\d+(\.\d+)+ HTTP/g)?.length ?? 0,
    counts: async () => (await fetch(`${address}/__counts`)).json() as never,
    stop: () => void child.kill(),
  };
};
