/** The endpoint over real connections: what it answers, whom it lets in, and that it ends. */
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { RowVersion } from "../../../src/model/ledger.ts";
import { openService, type Service, type ServiceSetting } from "../../../src/runtime/watch/service.ts";

const token = "0123456789abcdef0123456789abcdef";
const version: RowVersion = {
  at: 1,
  value: 2,
  n: 3,
  status: "complete",
  forecastVersion: "a",
  targetVersion: "b",
};
const well = {
  ok: true,
  state: "waiting",
  reason: null,
  tag: null,
  turns: { done: 1, failed: 0 },
  silent_s: 0,
} as const;

let open: Service[] = [];
afterEach(async () => {
  await Promise.all(open.map((service) => service.close()));
  open = [];
});

const serve = async (more: Partial<ServiceSetting> = {}, port = 0): Promise<Service> => {
  const at = { host: "127.0.0.1", port };
  const service = await openService(at, {
    health: () => well,
    metrics: () => "ewb_up 1\n",
    pasts: async () => new Map([["00000000000000ff", 2]]),
    history: async (key) => (key === "00000000000000ff" ? [version] : []),
    ...more,
  });
  open.push(service);
  return service;
};

describe("the service", () => {
  test("says how it is, and what it counts", async () => {
    let health: ReturnType<ServiceSetting["health"]> = well;
    const { url } = await serve({ health: () => health });
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual(well);
    health = { ...well, ok: false, reason: "the last turn failed: x", tag: "Write" };
    const ill = await fetch(`${url}/healthz`);
    expect([ill.status, await ill.json()]).toEqual([503, health]);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await metrics.text()).toBe("ewb_up 1\n");
    expect(await (await fetch(`${url}/metrics`, { method: "HEAD" })).text()).toBe("");
  });

  test("tells the past of rows", async () => {
    const { url } = await serve();
    expect(await (await fetch(`${url}/history`)).json()).toEqual([["00000000000000ff", 2]]);
    expect(await (await fetch(`${url}/history/00000000000000ff`)).json()).toEqual([version]);
  });

  test("refuses what it does not know", async () => {
    const { url } = await serve();
    const status = async (path: string, method = "GET") => (await fetch(`${url}${path}`, { method })).status;
    expect(await status("/")).toBe(404);
    expect(await status("/metrics/x")).toBe(404);
    expect(await status("/metrics", "POST")).toBe(405);
    expect(await status("/notice")).toBe(405);
  });

  test("takes a notice only from whoever knows the token, and only where it was asked to", async () => {
    let told = 0;
    const tell = () => {
      told += 1;
    };
    const { url } = await serve({ notice: { token, tell } });
    const post = (authorization?: string, body = "anything") =>
      fetch(`${url}/notice`, { method: "POST", body, headers: authorization ? { authorization } : {} });
    expect((await post()).status).toBe(401);
    expect((await post(`Bearer ${token.slice(0, -1)}`)).status).toBe(401);
    expect((await post(`Bearer ${token}0`)).status).toBe(401);
    expect((await post(`Basic ${token}`)).status).toBe(401);
    expect(told).toBe(0);
    expect((await post(`Bearer ${token}`)).status).toBe(202);
    expect(told).toBe(1);
    const other = await serve();
    expect(
      (await fetch(`${other.url}/notice`, { method: "POST", headers: { authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(403);
  });

  test("reads no more than 64 kB of a body", async () => {
    let told = 0;
    const tell = () => {
      told += 1;
    };
    const { url } = await serve({ notice: { token, tell } });
    const asked = request(`${url}/notice`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    asked.on("error", () => {}); // it may be cut off while it writes
    asked.write(Buffer.alloc(100_000));
    const [answer] = await once(asked, "response");
    expect(answer.statusCode).toBe(413);
    answer.destroy();
    asked.destroy();
    expect(told).toBe(0);
  });

  test("an error behind an answer is an answer", async () => {
    const { url } = await serve({ pasts: () => Promise.reject(new Error("the ledger is gone")) });
    const answer = await fetch(`${url}/history`);
    expect([answer.status, await answer.json()]).toEqual([500, { error: "the ledger is gone" }]);
  });

  test("closes although somebody holds a connection, and is then gone", async () => {
    const service = await serve();
    const socket = connect(Number(new URL(service.url).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write("GET /healthz HTTP/1.1\r\n"); // and never ends
    socket.on("error", () => {});
    const closed = once(socket, "close");
    await service.close();
    await closed;
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
    open = [];
  });

  test("a port that is taken is an error of use, with its address", async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(serve({}, port)).rejects.toMatchObject({
      tag: "Options",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });
});
