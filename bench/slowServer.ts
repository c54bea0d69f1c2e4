/**
 * Static files over HTTP after a delay: a child process that prints its port. The delay is latency, a request's own:
 * requests wait side by side and the bytes then go as fast as they can. Keep-alive, Range, HEAD, 404.
 */
import { type ChildProcess, spawn } from "node:child_process";

/** What the child runs: plain JavaScript, so that it starts without a compiler. Files stay in memory by inode, and are
 * taken not to change. */
const program = `
const { createServer } = require("node:http");
const { readFileSync, statSync } = require("node:fs");
const { join, normalize } = require("node:path");
const [folder, delay] = [process.argv[1], Number(process.argv[2])];
const held = new Map();
const known = new Map();
const bytesOf = (path) => {
  let bytes = known.get(path);
  if (bytes !== undefined) return bytes;
  const { ino } = statSync(path);
  bytes = held.get(ino) ?? readFileSync(path);
  held.set(ino, bytes);
  known.set(path, bytes);
  return bytes;
};
const answer = (request, response) => {
  let bytes;
  try {
    bytes = bytesOf(join(folder, normalize("/" + decodeURIComponent(request.url.split("?")[0]))));
  } catch {
    response.writeHead(404, { "content-length": 0 }).end();
    return;
  }
  const range = /^bytes=(\\d*)-(\\d*)$/.exec(request.headers.range ?? "");
  const from = range === null ? 0 : range[1] === "" ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1]);
  const to = range === null || range[1] === "" || range[2] === "" ? bytes.length : Math.min(bytes.length, Number(range[2]) + 1);
  const headers = { "content-length": to - from, "accept-ranges": "bytes", "content-type": "application/octet-stream" };
  if (range !== null) headers["content-range"] = "bytes " + from + "-" + (to - 1) + "/" + bytes.length;
  response.writeHead(range === null ? 200 : 206, headers);
  response.end(request.method === "HEAD" ? undefined : bytes.subarray(from, to));
};
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (delay > 0) setTimeout(answer, delay, request, response);
  else answer(request, response);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
`;

export interface SlowServer {
  readonly address: string;
  stop(): void;
}

/** Starts the server below `folder`; it ends with `stop`, or when this process does. */
export const slowServer = (folder: string, milliseconds: number): Promise<SlowServer> =>
  new Promise((done, reject) => {
    const child: ChildProcess = spawn(process.execPath, ["-e", program, folder, `${milliseconds}`], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the slow server ended with ${code}`)));
    child.stdout!.once("data", (port) =>
      done({ address: `http://127.0.0.1:${`${port}`.trim()}`, stop: () => void child.stdin!.end() }),
    );
  });
