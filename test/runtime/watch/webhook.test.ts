import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Published } from "../../../src/runtime/watch/alerts.ts";
import { webhook } from "../../../src/runtime/watch/webhook.ts";

const published: Published = {
  event: "published",
  table: "a.parquet",
  rows: 3,
  added: 2,
  changed: 1,
  gone: 0,
  at: "2024-01-01T00:00:00.000Z",
  newest_init: null,
};
const never = new AbortController().signal;

interface Heard {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

const listener = async (answer: (n: number, response: ServerResponse) => void) => {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    heard.push({ url: request.url!, headers: request.headers, body });
    answer(heard.length, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { heard, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const effects = () => {
  const slept: number[] = [];
  return {
    slept,
    now: () => 1_700_000_000_000,
    random: () => 1,
    sleep: async (ms: number) => void slept.push(ms),
  };
};

describe("a webhook", () => {
  test("is posted JSON, signed with its time", async () => {
    const { heard, host } = await listener((_, response) => response.end());
    await webhook(`http://me:pw@${host}/in?key=1`, "s3cret", effects())(published, never);
    expect(heard.length).toBe(1);
    const { url, headers, body } = heard[0]!;
    expect(url).toBe("/in?key=1");
    expect(JSON.parse(body)).toEqual(published);
    expect(headers["ewb-timestamp"]).toBe("1700000000");
    const wanted = createHmac("sha256", "s3cret").update(`1700000000.${body}`).digest("hex");
    expect(headers["ewb-signature"]).toBe(`sha256=${wanted}`);
    expect(headers.authorization).toBe(`Basic ${Buffer.from("me:pw").toString("base64")}`);
  });

  test("is tried again, later and later, as the same delivery; a host may ask for more", async () => {
    const { heard, host } = await listener((n, response) => {
      if (n === 2) response.setHeader("retry-after", "90");
      response.statusCode = n === 1 ? 500 : n === 2 ? 429 : n === 3 ? 503 : 204;
      response.end();
    });
    const world = effects();
    await webhook(`http://${host}/`, undefined, world)(published, never);
    expect(world.slept).toEqual([1000, 90_000, 16_000]);
    expect(new Set(heard.map(({ headers }) => headers["ewb-delivery"])).size).toBe(1);
    expect(heard[0]!.headers["ewb-signature"]).toBeUndefined();
  });

  test("that refuses is not asked again; one that never answers well is given up", async () => {
    const { heard, host } = await listener((_, response) => response.writeHead(404).end());
    const world = effects();
    await expect(webhook(`http://${host}/`, undefined, world)(published, never)).rejects.toThrow(
      `--webhook ${host}: answered 404`,
    );
    expect([heard.length, world.slept.length]).toEqual([1, 0]);
    const gone = await listener((_, response) => void response.destroy());
    await expect(webhook(`http://${gone.host}/`, undefined, world)(published, never)).rejects.toThrow(
      /\(tried 6 times\)$/,
    );
    expect(gone.heard.length).toBe(6);
  });

  test("follows no redirect", async () => {
    const other = await listener((_, response) => response.end());
    const { host } = await listener((_, response) =>
      response.writeHead(307, { location: `http://${other.host}/` }).end(),
    );
    await expect(webhook(`http://${host}/`, "key", effects())(published, never)).rejects.toThrow(
      "redirected (307), which is not followed",
    );
    expect(other.heard).toEqual([]);
  });

  test("says nothing of its address but the host", async () => {
    const { host } = await listener((_, response) => response.writeHead(403).end());
    const error = await webhook(
      `http://me:pw123@${host}/SECRET?k=SECRET`,
      "KEY",
      effects(),
    )(published, never).catch((caught) => caught);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toMatch(/SECRET|pw123|KEY/);
    expect(() => webhook("ftp://host/SECRET", undefined, effects())).toThrow(
      /^--webhook: expected an address/,
    );
  });
});
