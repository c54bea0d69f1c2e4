/** A second request for an answer that does not come. */
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { Hedging } from "../../../src/sources/stores/hedging.ts";
import { hosts } from "../../../src/sources/stores/hosts.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { Pace } from "../../../src/sources/stores/pace.ts";
import type { Request } from "../../../src/sources/stores/request.ts";
import { requestLimit } from "../../../src/sources/stores/requestLimit.ts";
import { countedBuffers } from "../../runtime/countedBuffers.ts";
import { giveBytes, serve } from "./server.ts";

/** For a busy machine. */
const patiently = { timeout: 20_000 };

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** A store of which `known` objects were read; of those called stuck the first request is answered by `stall`. */
const stuckStore = async (stall: (response: ServerResponse) => void, known = 40) => {
  const stuck = new Set<string>();
  const stalled: ServerResponse[] = [];
  let closed = 0;
  const server = await serve((request, response) => {
    const key = request.url!;
    if (key.includes("stuck") && !stuck.has(key)) {
      stuck.add(key);
      response.on("close", () => closed++);
      stalled.push(response);
      stall(response);
    } else if (key.includes("stuck/lost")) {
      stalled.shift()!.destroy();
      setTimeout(() => giveBytes(bytes)(request, response), 50);
    } else giveBytes(bytes)(request, response);
  });
  const shared = hosts();
  const store = await openStore(server.url, { hosts: shared, retry: { attempts: 1 } });
  for (let i = 0; i < known; i++) await store.get(`a/${i}`);
  return {
    store,
    server,
    host: shared.of(server.url),
    closed: () => closed,
    async [Symbol.asyncDispose]() {
      await shared.close();
      await server[Symbol.asyncDispose]();
    },
  };
};

const partly = (response: ServerResponse) => {
  response.writeHead(200, { "content-length": 1000, etag: '"one"' });
  response.write(bytes.subarray(0, 300));
};

/** Requests that nobody answers, on a clock that goes on from look to look; 100 were answered before, in 20 ms each. */
const silence = async (count: number) => {
  let now = 1000;
  let look = () => {};
  const clock = {
    now: () => now,
    wait: async () => {},
    every: (_: number, work: () => void) => {
      look = work;
      return () => {};
    },
  };
  const pace = new Pace();
  const hedging = new Hedging(clock, pace, requestLimit(12, clock));
  const request = (answer: Promise<number>) =>
    ({ answer, sentAt: now, latestAt: now, cancel() {} }) as unknown as Request<number>;
  for (let i = 0; i < 100; i++) {
    pace.answered(20, 0, 0);
    await hedging.run(() => request(Promise.resolve(i)), undefined);
  }
  const asked = Array.from({ length: count }, () => request(new Promise(() => {})));
  for (const each of asked) void hedging.run(() => each, undefined);
  return {
    /** Second requests after each of so many looks, so many milliseconds apart. */
    looked: (looks: number, apart: number, heard?: (now: number) => void) =>
      Array.from({ length: looks }, () => {
        now += apart;
        heard?.(now);
        look();
        return hedging.askedAgain;
      }),
    asked: asked as { latestAt: number }[],
  };
};

describe("hedging", () => {
  it("asks again after a quarter of a second without a byte, one at a time", async () => {
    const { looked } = await silence(3);
    expect(looked(5, 50)).toEqual([0, 0, 0, 0, 0]);
    expect(looked(4, 50)).toEqual([1, 2, 3, 3]);
  });

  it("takes no time in which nobody looked for silence of the host", async () => {
    const { looked } = await silence(3);
    expect(looked(5, 2000)).toEqual([0, 0, 0, 0, 0]);
    expect(looked(1, 2000)).toEqual([1]);
  });

  it("does not ask again where bytes come, be it slowly", async () => {
    const { looked, asked } = await silence(1);
    const heard = (now: number) => {
      if (now % 200 === 0) asked[0]!.latestAt = now;
    };
    expect(looked(40, 50, heard).at(-1)).toBe(0);
  });

  it.each([
    ["before its first byte", "stuck", () => {}],
    ["within its body", "stuck", partly],
    ["and is lost meanwhile", "stuck/lost", partly],
  ])("asks again where an answer stands still %s, and cancels the other", async (_, key, stall) => {
    await using stuck = await stuckStore(stall);
    const buffers = countedBuffers();
    let [came, requests] = [0, 0];
    const count = (more: number, asked: number) => {
      came += more;
      requests += asked;
    };
    const object = await stuck.store.get(key, { buffers, count });
    expect(Buffer.compare(object!.bytes, bytes)).toBe(0);
    expect(stuck.server.asked.filter((asked) => asked === `/${key}`).length).toBe(2);
    expect(requests).toBe(2);
    expect([1000, 1300]).toContain(came);
    expect(stuck.host.hedging.askedAgain).toBe(1);
    await expect.poll(stuck.closed, patiently).toBe(1);
    buffers.give(object!.bytes);
    expect([buffers.out, buffers.faults]).toEqual([0, []]);
  });

  it.each([
    ["before the usual is known", 10, false],
    ["while the host asks for less", 40, true],
  ])("asks once %s", async (_, known, isBusy) => {
    await using stuck = await stuckStore(() => {}, known);
    if (isBusy) stuck.host.limit.slowDown(performance.now(), 0);
    const controller = new AbortController();
    const reading = stuck.store.get("stuck", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("stopped")), 600);
    await expect(reading).rejects.toThrow("stopped");
    expect(stuck.host.hedging.askedAgain).toBe(0);
  });

  it("makes no more than one request in twenty twice", async () => {
    await using stuck = await stuckStore(() => {});
    const controller = new AbortController();
    const all = Array.from({ length: 10 }, (_, i) =>
      stuck.store.get(`stuck/${i}`, { signal: controller.signal }),
    );
    await expect.poll(() => stuck.host.hedging.askedAgain, patiently).toBe(2);
    setTimeout(() => controller.abort(new Error("stopped")), 600);
    const outcomes = await Promise.allSettled(all);
    expect(stuck.host.hedging.askedAgain).toBe(2);
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBe(2);
  });

  it("cancels both when stopped", async () => {
    let open = 0;
    await using server = await serve((request, response) => {
      if (request.url !== "/stuck") return giveBytes(bytes)(request, response);
      open += 1;
      response.on("close", () => open--);
    });
    await using store = await openStore(server.url);
    for (let i = 0; i < 40; i++) await store.get(`a/${i}`);
    const controller = new AbortController();
    const reading = store.get("stuck", { signal: controller.signal });
    await expect.poll(() => open, patiently).toBe(2);
    controller.abort(new Error("stopped"));
    await expect(reading).rejects.toThrow("stopped");
    await expect.poll(() => open, patiently).toBe(0);
  });
});
