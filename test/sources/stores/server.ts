/** A web server for tests: each test says how a request is answered. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** `GET /key [range]` of every request, in turn. */
  readonly asked: string[];
  answer: Answer;
}

export async function serve(answer: Answer): Promise<TestServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers.range].filter(Boolean).join(" "));
    made.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const made: TestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}

/** Bytes as a good server gives them: ranges, ETag, 404 by the caller. */
export function giveBytes(bytes: Uint8Array, version = '"one"'): Answer {
  return (request, response) => {
    const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
    if (range === null) {
      response.writeHead(200, { "content-length": bytes.length, etag: version });
      response.end(bytes);
      return;
    }
    const suffix = range[1] === "";
    const first = suffix ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1]);
    const last = suffix ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1);
    if (first > last) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    response.writeHead(206, {
      "content-length": last - first + 1,
      "content-range": `bytes ${first}-${last}/${bytes.length}`,
      etag: version,
    });
    response.end(bytes.subarray(first, last + 1));
  };
}

/** A folder, without listings. */
export function giveFolder(folder: string): Answer {
  return (request, response) => {
    const path = join(folder, decodeURIComponent(new URL(request.url!, "http://x").pathname));
    if (!existsSync(path) || statSync(path).isDirectory()) {
      response.writeHead(404).end();
      return;
    }
    const parts: Buffer[] = [];
    createReadStream(path)
      .on("data", (part) => parts.push(part as Buffer))
      .on("end", () => giveBytes(Buffer.concat(parts))(request, response));
  };
}
