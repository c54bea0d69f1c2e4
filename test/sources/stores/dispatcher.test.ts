/** Proxies and certificates that the environment names. */
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../../src/sources/stores/openStore.ts";
import { temporary } from "../../cli/ewb.ts";
import { cert, key } from "./certificate.ts";
import { giveBytes, serve, type TestServer } from "./server.ts";

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** A proxy that says what it was asked for, by whom; it goes on to where it was asked to. */
const startProxy = async (allow = true) => {
  const seen: [string, string | undefined][] = [];
  const secrets: (string | undefined)[] = [];
  const note = ({ method, url, headers }: IncomingMessage) => {
    seen.push([`${method} ${url}`, headers["proxy-authorization"]]);
    secrets.push(headers.authorization);
  };
  const server = createServer((request, response) => {
    note(request);
    if (allow) giveBytes(bytes)(request, response);
    else response.writeHead(407).end();
  });
  server.on("connect", (request, socket) => {
    note(request);
    if (!allow) return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const [host, port] = request.url!.split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on("error", () => void [socket.destroy(), onward.destroy()]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    secrets,
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const startSecure = async () => {
  const server = createSecureServer({ cert, key }, giveBytes(bytes));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const retry = { attempts: 1 };
const read = async (url: string, environment: Record<string, string>) => {
  await using store = await openStore(url, { environment, retry });
  return (await store.get("a/0"))!.bytes;
};
const certificates = join(temporary(), "cert.pem");
writeFileSync(certificates, cert);

describe("a proxy of the environment", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await serve(giveBytes(bytes));
  });
  afterEach(() => server[Symbol.asyncDispose]());

  it.each(["HTTP_PROXY", "http_proxy"])("is asked for objects of http: %s", async (name) => {
    await using proxy = await startProxy();
    const proxied = proxy.address.replace("127", "http://me:p%40ss@127");
    expect(await read(server.url, { [name]: proxied })).toEqual(bytes);
    const authorization = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
    expect(proxy.seen).toEqual([[`GET ${server.url}/a/0`, authorization]]);
    expect(server.asked).toEqual([]);
  });

  it("goes for lower case first, and may be named without a scheme", async () => {
    await using proxy = await startProxy();
    await read(server.url, { http_proxy: proxy.address, HTTP_PROXY: "127.0.0.1:1" });
    expect(proxy.seen.length).toBe(1);
  });

  it("makes a tunnel for https, through which nobody sees", async () => {
    await using secure = await startSecure();
    await using proxy = await startProxy();
    const environment = { HTTPS_PROXY: `http://me:pass@${proxy.address}`, SSL_CERT_FILE: certificates };
    expect(await read(secure.url.replace("://", "://user:word@"), environment)).toEqual(bytes);
    const authorization = `Basic ${Buffer.from("me:pass").toString("base64")}`;
    expect(proxy.seen).toEqual([[`CONNECT ${secure.url.slice(8)}`, authorization]]);
    expect(proxy.secrets).toEqual([undefined]);
  });

  it.each([
    ["the other scheme's", (address: string) => ({ HTTPS_PROXY: address })],
    ["NO_PROXY", (address: string) => ({ HTTP_PROXY: address, NO_PROXY: "example.org, 127.0.0.1" })],
    ["no_proxy of all", (address: string) => ({ HTTP_PROXY: address, no_proxy: "*" })],
    ["empty", () => ({ HTTP_PROXY: "" })],
  ])("is not asked: %s", async (_, environment) => {
    await using proxy = await startProxy();
    expect(await read(server.url, environment(proxy.address) as Record<string, string>)).toEqual(bytes);
    expect(proxy.seen).toEqual([]);
    expect(server.asked).toEqual(["/a/0"]);
  });

  it("that refuses is an error that says so and holds no password", async () => {
    await using secure = await startSecure();
    await using proxy = await startProxy(false);
    const address = `http://me:pass123@${proxy.address}`;
    for (const [url, name] of [
      [server.url, "HTTP_PROXY"],
      [secure.url, "HTTPS_PROXY"],
    ] as const) {
      const error = await read(url, { [name]: address }).catch((e) => e);
      expect(error).toMatchObject({ tag: "StoreRead", message: expect.stringContaining("407") });
      expect(`${error.message} ${error.cause} ${JSON.stringify(error)}`).not.toContain("pass123");
    }
  });

  it("with an address that is none is an error by name, without the address", async () => {
    const error = await read(server.url, { HTTP_PROXY: "http://me:pass123@:x" }).catch((e) => e);
    expect(error).toMatchObject({
      tag: "Options",
      message: expect.stringMatching(/^HTTP_PROXY: no address/),
    });
    expect(error.message).not.toContain("pass123");
  });
});

describe("certificates of the environment", () => {
  it.each(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])("are trusted: %s", async (name) => {
    await using secure = await startSecure();
    expect(await read(secure.url, { [name]: certificates })).toEqual(bytes);
  });

  it("are needed for a server that signs for itself", async () => {
    await using secure = await startSecure();
    await expect(read(secure.url, {})).rejects.toThrow(/no answer \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  });

  it.each([
    ["/nowhere/cert.pem", /SSL_CERT_FILE=\/nowhere\/cert.pem: ENOENT found/],
    [join(certificates, ".."), /SSL_CERT_FILE=.*: EISDIR found/],
    [import.meta.filename, /SSL_CERT_FILE=.*: no certificate found/],
  ])("that cannot be read are an error by name: %s", async (path, message) => {
    await using secure = await startSecure();
    const reading = read(secure.url, { SSL_CERT_FILE: path });
    await expect(reading).rejects.toMatchObject({ tag: "Options", message: expect.stringMatching(message) });
  });
});
