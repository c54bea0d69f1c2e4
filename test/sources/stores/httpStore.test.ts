import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { steadyClock } from "../../../src/sources/stores/clock.ts";
import { hosts } from "../../../src/sources/stores/hosts.ts";
import type { StoreOptions } from "../../../src/sources/stores/openStore.ts";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import type { Store } from "../../../src/sources/stores/store.ts";
import { isChanged } from "../../../src/sources/stores/storeFault.ts";
import { giveBytes, serve, type TestServer } from "./server.ts";

/** For a busy machine. */
const patiently = { timeout: 20_000 };
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

describe("httpStore", () => {
  let server: TestServer;
  let waits: number[];
  const open: Store[] = [];
  const store = async (options: StoreOptions = {}, url = server.url) => {
    const clock = { ...steadyClock, wait: async (ms: number) => waits.push(ms) };
    const made = await openStore(url, { clock, ...options, retry: { random: () => 1, ...options.retry } });
    open.push(made);
    return made;
  };
  beforeEach(async () => {
    server = await serve(giveBytes(bytes));
    waits = [];
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
    await server[Symbol.asyncDispose]();
  });

  it("gives objects and ranges with their version", async () => {
    const web = await store({}, `${server.url}/a%20b/x.zarr/`);
    const whole = await web.get("t2m/c/0 +/1");
    expect(whole!.bytes).toEqual(bytes);
    expect(whole!.version).toBe('"one"');
    const part = await web.getRange("t", { offset: 10, length: 5 });
    expect([...part!.bytes]).toEqual([10, 11, 12, 13, 14]);
    expect(part!.total).toBe(1000);
    expect((await web.getRange("t", { suffixLength: 3 }))!.bytes).toEqual(bytes.subarray(997));
    expect((await web.getRange("t", { suffixLength: 5000 }))!.bytes).toEqual(bytes);
    expect(server.asked[0]).toBe("/a%20b/x.zarr/t2m/c/0%20%2B/1");
    expect(server.asked[1]).toBe("/a%20b/x.zarr/t bytes=10-14");
  });

  it("makes a version of date and length where there is no ETag", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "last-modified": "Tue, 01 Jan 2019 00:00:00 GMT" });
      response.end(bytes);
    };
    expect((await (await store()).get("x"))!.version).toBe("Tue, 01 Jan 2019 00:00:00 GMT:1000");
  });

  it("refuses another version of an object that it has read", async () => {
    const web = await store();
    await web.get("whole");
    expect((await web.get("whole"))!.version).toBe('"one"');
    server.answer = giveBytes(bytes, '"two"');
    const changed = {
      tag: "StoreRead",
      message: `${server.url}: whole: version "two" found, version "one" expected; the store changed while it was read: run again`,
    };
    const error = await web.get("whole").catch((e) => e);
    expect(error).toMatchObject(changed);
    expect(isChanged(error)).toBe(true);
    expect(server.asked.length).toBe(3);
    // Another object may have any version, and parts are only compared with what the reader expects.
    expect((await web.get("other"))!.version).toBe('"two"');
    expect((await web.getRange("whole", { offset: 0, length: 1 }))!.version).toBe('"two"');
    server.answer = (_, response) => response.writeHead(404).end();
    await expect(web.get("whole")).rejects.toThrow(/version none found, version "one" expected/);
    server.answer = (_, response) =>
      response.writeHead(200, { "last-modified": "Tue, 01 Jan 2019 00:00:00 GMT" }).end(bytes);
    await web.get("dated");
    server.answer = (_, response) =>
      response.writeHead(200, { "last-modified": "Wed, 02 Jan 2019 00:00:00 GMT" }).end(bytes);
    await expect(web.get("dated")).rejects.toThrow(/version Wed.*:1000 found, version Tue.*:1000 expected/);
  });

  it("asks for a part of the version that it expects", async () => {
    const matches: (string | undefined)[] = [];
    let now = '"one"';
    server.answer = (request, response) => {
      const match = request.headers["if-match"];
      matches.push(match);
      if (match !== undefined && match !== now) response.writeHead(412, { etag: now }).end();
      else giveBytes(bytes, now)(request, response);
    };
    const web = await store();
    const part = (version?: string) =>
      web.getRange("x", { offset: 0, length: 9 }, version === undefined ? {} : { version });
    expect((await part('"one"'))!.version).toBe('"one"');
    now = '"two"';
    await expect(part('"one"')).rejects.toThrow(
      /version "two" found, version "one" expected; the store changed/,
    );
    expect((await part())!.version).toBe('"two"');
    // A weak version never matches: it is compared here. So it is where the server knows no If-Match.
    now = 'W/"three"';
    await expect(part('W/"two"')).rejects.toThrow(/version W\/"three" found/);
    expect(matches).toEqual(['"one"', '"one"', undefined, undefined]);
    server.answer = giveBytes(bytes, '"four"');
    await expect(part('"one"')).rejects.toThrow(/version "four" found, version "one" expected/);
    server.answer = (_, response) => response.writeHead(404).end();
    await expect(part('"one"')).rejects.toThrow(/version none found/);
  });

  it("gives undefined for 404, once asked", async () => {
    server.answer = (_, response) => response.writeHead(404).end("gone");
    const web = await store();
    expect(await web.get("x")).toBeUndefined();
    expect(await web.getRange("x", { suffixLength: 3 })).toBeUndefined();
    expect(server.asked.length).toBe(2);
  });

  it.each([401, 403, 400, 204, 416])("is an error for %i, not asked again", async (status) => {
    server.answer = (_, response) => response.writeHead(status).end();
    const web = await store();
    await expect(web.get("t2m/0")).rejects.toMatchObject({
      tag: "StoreRead",
      message: expect.stringMatching(new RegExp(`${server.url}: t2m/0: HTTP status ${status} found, 200`)),
      place: { source: server.url, chunk: "t2m/0" },
    });
    expect(server.asked.length).toBe(1);
  });

  it("refuses a whole object where a range was asked", async () => {
    server.answer = (_, response) => response.writeHead(200).end(bytes);
    await expect((await store()).getRange("x", { offset: 0, length: 10 })).rejects.toThrow(
      /200 \(the whole object\) found, 206/,
    );
  });

  it.each([
    ["another start", { "content-range": "bytes 1-10/1000" }, 10],
    ["fewer bytes", { "content-range": "bytes 0-8/1000" }, 9],
    ["none", {}, 10],
    ["nonsense", { "content-range": "bytes 9-0/1000" }, 10],
    ["an end beyond the total", { "content-range": "bytes 0-9/5" }, 10],
    ["several parts", { "content-type": "multipart/byteranges" }, 10],
  ])("refuses a wrong Content-Range: %s", async (_, headers, length) => {
    server.answer = (_request, response) =>
      response.writeHead(206, headers as Record<string, string>).end(bytes.subarray(0, length));
    await expect((await store()).getRange("x", { offset: 0, length: 10 })).rejects.toThrow(/content-range/);
  });

  it.each([
    ["shorter", 9],
    ["longer", 11],
  ])("refuses a range's body that is %s than its header says", async (_, length) => {
    server.answer = (_request, response) => {
      response.writeHead(206, { "content-range": "bytes 0-9/1000" });
      response.end(bytes.subarray(0, length));
    };
    const web = await store();
    await expect(web.getRange("x", { offset: 0, length: 10 })).rejects.toThrow(/bytes found, 10 expected/);
  });

  it("refuses a Content-Length other than the range's", async () => {
    server.answer = (_, response) => {
      response.writeHead(206, { "content-range": "bytes 0-9/1000", "content-length": 11 });
      response.end(bytes.subarray(0, 11));
    };
    const web = await store();
    await expect(web.getRange("x", { offset: 0, length: 10 })).rejects.toThrow(
      /content-length 11 found, 10 expected/,
    );
  });

  it("refuses a body cut short, after asking again", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write(bytes.subarray(0, 400));
      setTimeout(() => response.destroy(), 5);
    };
    await expect((await store()).get("x")).rejects.toThrow(/connection lost .*5 requests made/);
    expect(server.asked.length).toBe(5);
    expect(waits).toEqual([250, 500, 1000, 2000]);
  });

  it("refuses more than allowed, announced or not", async () => {
    const web = await store();
    await expect(web.get("x", { most: 999 })).rejects.toThrow(/1000 bytes found, at most 999 expected/);
    server.answer = (_, response) => {
      response.writeHead(200);
      response.end(bytes);
    };
    await expect(web.get("x", { most: 999 })).rejects.toThrow(/more than 999 bytes found/);
    expect((await web.get("x", { most: 1000 }))!.bytes).toEqual(bytes);
  });

  it("refuses a compressed transfer", async () => {
    server.answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bytes);
    await expect((await store()).get("x")).rejects.toThrow(/content-encoding gzip found/);
  });

  it.each([408, 429, 500, 502, 503, 504])("asks again after %i", async (status) => {
    let left = 2;
    server.answer = (request, response) => {
      if (left-- > 0) response.writeHead(status).end("later");
      else giveBytes(bytes)(request, response);
    };
    const counted = [0, 0];
    const count = (b: number, r: number) => {
      counted[0]! += b;
      counted[1]! += r;
    };
    expect((await (await store()).get("x", { count }))!.bytes).toEqual(bytes);
    expect(waits).toEqual([250, 500]);
    expect(counted).toEqual([1000, 3]);
  });

  it("asks again after a lost connection and an unreachable server", async () => {
    let left = 1;
    server.answer = (request, response) => {
      if (left-- > 0) request.socket.destroy();
      else giveBytes(bytes)(request, response);
    };
    expect((await (await store()).get("x"))!.bytes).toEqual(bytes);
    const gone = await serve(giveBytes(bytes));
    await gone[Symbol.asyncDispose]();
    const web = await store({}, gone.url);
    await expect(web.get("x")).rejects.toThrow(/ECONNREFUSED.*5 requests made, try again later/);
  });

  it("asks a host nothing while it wants to be left alone, up to a minute", async () => {
    const after = ["7", new Date(Date.now() + 30_500).toUTCString(), "86400", "nonsense"];
    server.answer = (request, response) => {
      const value = after.shift();
      if (value === undefined) giveBytes(bytes)(request, response);
      else response.writeHead(429, { "retry-after": value }).end();
    };
    let now = 0;
    const held: number[] = [];
    const clock = {
      ...steadyClock,
      now: () => now,
      async wait(ms: number) {
        if (ms > 2000) held.push(ms);
        now += ms;
      },
    };
    await (await store({ clock })).get("x");
    expect(held[0]).toBe(7000);
    expect(held[1]).toBeGreaterThan(25_000);
    expect(held[1]).toBeLessThan(31_000);
    expect(held.slice(2)).toEqual([60_000]);

    // All requests of the host wait for it, not only the one that was told so; those of others do not.
    await using other = await serve(giveBytes(bytes));
    let letGo = () => {};
    const shared = hosts({
      clock: {
        ...steadyClock,
        async wait(ms) {
          if (ms !== 5000) return;
          await new Promise<void>((resolve) => {
            letGo = resolve;
          });
        },
      },
    });
    const [one, another] = [await store({ hosts: shared }), await store({ hosts: shared }, other.url)];
    after.push("5");
    server.asked.length = 0;
    const told = one.get("told");
    await expect.poll(() => server.asked, patiently).toEqual(["/told"]);
    await expect.poll(() => shared.all[0]!.limit.slowedDown, patiently).toBe(1);
    const waiting = [one.get("a"), one.get("b")];
    expect((await another.get("x"))!.bytes).toEqual(bytes);
    expect(server.asked).toEqual(["/told"]);
    letGo();
    expect((await Promise.all([told, ...waiting])).map((object) => object!.bytes)).toEqual([
      bytes,
      bytes,
      bytes,
    ]);
    await shared.close();
  });

  it("gives up after five requests, naming the status", async () => {
    server.answer = (_, response) => response.writeHead(503).end();
    await expect((await store()).get("x")).rejects.toThrow(
      /x: HTTP status 503 found, 200 expected; 5 requests made/,
    );
    expect(server.asked.length).toBe(5);
  });

  it("follows five redirects and no more", async () => {
    server.answer = (request, response) => {
      const step = Number(/\d+/.exec(request.url!)![0]);
      if (step < 5) response.writeHead(302, { location: `/${step + 1}` }).end();
      else giveBytes(bytes)(request, response);
    };
    const web = await store();
    expect((await web.getRange("0", { offset: 1, length: 2 }))!.bytes.length).toBe(2);
    expect(server.asked.at(-1)).toBe("/5 bytes=1-2");
    server.answer = (_, response) => response.writeHead(302, { location: "/loop" }).end();
    await expect(web.get("1")).rejects.toThrow(/more than 5 redirects found/);
    server.answer = (_, response) => response.writeHead(302).end();
    await expect(web.get("1")).rejects.toThrow(/a redirect without a location found/);
    server.answer = (_, response) => response.writeHead(302, { location: "ftp://host/x" }).end();
    await expect(web.get("1")).rejects.toThrow(/a redirect to ftp: found/);
  });

  it("carries credentials and query to its own host only, and into no message", async () => {
    const other = await serve(giveBytes(bytes));
    try {
      const seen: (string | undefined)[] = [];
      server.answer = (request, response) => {
        seen.push(request.headers.authorization, request.url);
        response.writeHead(307, { location: `${other.url}/there` }).end();
      };
      other.answer = (request, response) => {
        seen.push(request.headers.authorization, request.url);
        giveBytes(bytes)(request, response);
      };
      const address = server.url.replace("://", "://user:secret@");
      const web = await store({}, `${address}/x.zarr?sig=hidden`);
      expect(web.address).toBe(`${server.url}/x.zarr`);
      expect(web.id).not.toBe(web.address);
      await web.get("a");
      expect(seen[0]).toMatch(/^Basic /);
      expect(seen.slice(1)).toEqual(["/x.zarr/a?sig=hidden", undefined, "/there"]);
      seen.splice(0);
      const bearer = await store({ headers: { authorization: "Bearer secret" } });
      await bearer.get("a");
      expect(seen).toEqual(["Bearer secret", "/a", undefined, "/there"]);
      other.answer = (_, response) => response.writeHead(403).end();
      const error = await web.get("a").catch((e) => e);
      expect(`${error.message} ${JSON.stringify(error.place)} ${error.cause}`).not.toMatch(/secret|hidden/);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });

  it("cancels the request when stopped, also one that waits", async () => {
    let closed = 0;
    server.answer = (_, response) => {
      response.on("close", () => closed++);
      response.writeHead(200, { "content-length": 1000 });
      response.write(bytes.subarray(0, 10));
    };
    const web = await store({ atOnce: 1 });
    const control = new AbortController();
    const reason = new Error("stopped");
    const reads = [web.get("a", { signal: control.signal }), web.get("b", { signal: control.signal })];
    const outcomes = Promise.allSettled(reads);
    while (server.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    control.abort(reason);
    expect(await outcomes).toEqual([
      { status: "rejected", reason },
      { status: "rejected", reason },
    ]);
    await expect.poll(() => closed, patiently).toBe(1);
    expect(server.asked).toEqual(["/a"]);
  });

  it("stops waiting between requests", async () => {
    server.answer = (_, response) => response.writeHead(503, { "retry-after": "60" }).end();
    const web = await openStore(server.url);
    open.push(web);
    const reason = new Error("stopped");
    const control = new AbortController();
    const read = web.get("a", { signal: control.signal });
    setTimeout(() => control.abort(reason), 50);
    await expect(read).rejects.toBe(reason);
  });

  it("has at most twelve requests under way at first, over kept connections", async () => {
    let now = 0;
    let most = 0;
    const sockets = new Set<unknown>();
    server.answer = (request, response) => {
      sockets.add(request.socket);
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        giveBytes(bytes)(request, response);
      }, 10);
    };
    const web = await store();
    await Promise.all(Array.from({ length: 20 }, (_, i) => web.get(String(i))));
    expect(most).toBe(12);
    expect(sockets.size).toBe(12);
  });

  it("tells how fast its host is, as soon as that is known", async () => {
    const large = new Uint8Array(2e6);
    server.answer = (request, response) => setTimeout(() => giveBytes(large)(request, response), 20);
    const web = await store();
    expect(web.pace!()).toBeUndefined();
    await web.get("x");
    const { latency, bandwidth } = web.pace!()!;
    expect(latency).toBeGreaterThan(15);
    expect(bandwidth).toBeGreaterThan(0);
  });

  it("reads many small objects over a few connections", async () => {
    const sockets = new Set<unknown>();
    server.answer = (request, response) => {
      sockets.add(request.socket);
      giveBytes(bytes)(request, response);
    };
    const web = await store({ atOnce: 4 });
    let next = 0;
    const read = async () => {
      while (next < 1000) await web.get(String(next++));
    };
    await Promise.all(Array.from({ length: 6 }, read));
    expect(sockets.size).toBeLessThanOrEqual(6);
  });

  it("is of no use once closed", async () => {
    const web = await store();
    await web.get("a");
    await web.close();
    await expect(web.get("a")).rejects.toThrow(/a store that is closed found/);
    expect(server.asked.length).toBe(1);
  });
});
