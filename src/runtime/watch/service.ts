/**
 * A small HTTP endpoint of a watch: `/healthz`, `/metrics`, `/history` and `POST /notice`. It reads next to nothing of a
 * request: 16 kB of headers, 64 kB of a body that is ignored, 32 connections, ten seconds. A token is compared
 * by its hash, in constant time. Never keeps the process alive.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { EwbError, isEwbError } from "../../model/errors.ts";
import type { RowVersion } from "../../model/ledger.ts";
import type { Health } from "./standing.ts";

/** An address of the network, port 0: one that is free; or the path of a socket. */
export type ServiceAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ServiceSetting {
  readonly health: () => Health;
  readonly metrics: () => string;
  /** Notices are taken from whoever knows the token. */
  readonly notice?: { readonly token: string; readonly tell: () => void };
  readonly pasts: () => Promise<ReadonlyMap<string, number>>;
  readonly history: (key: string) => Promise<readonly RowVersion[]>;
}

export interface Service {
  /** Where it is, e.g. `http://127.0.0.1:9464`; of a socket its path. */
  readonly url: string;
  /** Answers what was asked, for at most a second. */
  close(): Promise<void>;
}

const mostConnections = 32;
const mostBody = 64 * 1024;
/** Milliseconds. */
const [patience, farewell] = [10_000, 1_000];

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @throws `Options` where the address cannot be listened at */
export const openService = async (at: ServiceAddress, setting: ServiceSetting): Promise<Service> => {
  const server = createServer({ headersTimeout: patience, requestTimeout: patience }, (request, response) => {
    answer(setting, request)
      .catch((error): Answer => json(isEwbError(error, "InvalidValue") ? 400 : 500, { error: textOf(error) }))
      .then((found) => send(request, response, found))
      .catch(() => response.destroy());
  });
  server.maxConnections = mostConnections;
  server.keepAliveTimeout = 5_000;
  server.on("clientError", (_, socket) => socket.destroy());
  try {
    const listening = once(server, "listening");
    server.listen(at);
    await listening;
  } catch (cause) {
    const where = "path" in at ? at.path : `--listen ${at.host}:${at.port}`;
    throw new EwbError("Options", `${where}: ${textOf(cause)}`, {}, { cause });
  }
  server.unref();
  return {
    url: urlOf(server.address()!),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), farewell);
      await closed;
      clearTimeout(late);
    },
  };
};

const urlOf = (bound: AddressInfo | string): string => {
  if (typeof bound === "string") return bound;
  const { port, family, address } = bound;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
};

const answer = async (setting: ServiceSetting, request: IncomingMessage): Promise<Answer> => {
  const { pathname } = new URL(request.url ?? "/", "http://watch");
  const known = ["/healthz", "/metrics", "/history", "/notice"];
  const [, first = "", key] = pathname.split("/");
  if (!known.includes(`/${first}`) || (key !== undefined && first !== "history"))
    return json(404, { error: `no ${pathname}: expected ${known.join(", ")}` });
  const allowed = first === "notice" ? ["POST"] : ["GET", "HEAD"];
  if (!allowed.includes(request.method ?? ""))
    return { ...json(405, { error: `expected ${allowed[0]}` }), headers: { allow: allowed.join(", ") } };
  if (first === "notice") return noticed(setting, request);
  if (first === "metrics")
    return { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: setting.metrics() };
  if (first === "history")
    return json(200, key === undefined ? [...(await setting.pasts())] : await setting.history(key));
  const health = setting.health();
  return json(health.ok ? 200 : 503, health);
};

const noticed = async ({ notice }: ServiceSetting, request: IncomingMessage): Promise<Answer> => {
  if (notice === undefined) return json(403, { error: "notices are not taken: see --notice-token-file" });
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (!isSame(given, notice.token))
    return { ...json(401, { error: "expected the token" }), headers: { "www-authenticate": "Bearer" } };
  let read = 0;
  for await (const part of request) {
    read += (part as Buffer).length;
    if (read > mostBody) return json(413, { error: `a body is at most ${mostBody} bytes; none is needed` });
  }
  notice.tell();
  return json(202, { noticed: true });
};

const isSame = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(one!, other!);
};

const json = (status: number, value: unknown): Answer => ({
  status,
  type: "application/json",
  body: `${JSON.stringify(value)}\n`,
});

const send = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers }: Answer,
) => {
  // What was not read of a request makes the connection useless.
  const end = request.complete || status < 400 ? {} : { connection: "close" };
  response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...end, ...headers });
  response.end(request.method === "HEAD" ? undefined : body);
  if (!request.complete) request.resume();
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
