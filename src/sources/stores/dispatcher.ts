import { createRequire } from "node:module";
import type * as Undici from "undici";
import { EwbError } from "../../model/errors.ts";
import { authorities, type Environment } from "./authorities.ts";

/** Milliseconds in which a connection must be there. */
const longestConnect = 10_000;

/**
 * Connections to one origin, kept alive, as many as are asked for; by way of the proxy that the environment names:
 * HTTPS_PROXY for https (a tunnel), HTTP_PROXY for http (plain, as proxies expect), none for the hosts of NO_PROXY
 * (names, domains, `host:port`, or `*`), in lower case first, as curl reads them. User and password of a proxy may
 * stand in its address and are told to nobody else. Throws `Options`.
 *
 * @param patience milliseconds without a byte after which an answer is given up
 */
export const dispatcherOf = (
  origin: string,
  environment: Environment,
  patience: number,
): Undici.Dispatcher => {
  // It takes a tenth of a second to load: only for who asks a host.
  const { EnvHttpProxyAgent, Pool } = createRequire(import.meta.url)("undici") as typeof Undici;
  const isSecure = origin.startsWith("https:");
  const secureContext = isSecure ? authorities(environment) : undefined;
  const connect = {
    timeout: Math.min(patience, longestConnect),
    ...(secureContext === undefined ? {} : { secureContext }),
  };
  const common = { connections: null, headersTimeout: patience, bodyTimeout: patience };
  const proxy = proxyOf(isSecure ? "HTTPS_PROXY" : "HTTP_PROXY", environment);
  if (proxy === undefined) return new Pool(origin, { ...common, connect });
  return new EnvHttpProxyAgent({
    ...common,
    connect,
    requestTls: connect,
    proxyTls: connect,
    proxyTunnel: isSecure,
    // An empty text is none; without it the agent would look at the environment of the process.
    httpProxy: isSecure ? "" : proxy,
    httpsProxy: isSecure ? proxy : "",
    noProxy: setting("NO_PROXY", environment) ?? "",
  });
};

const setting = (name: string, environment: Environment): string | undefined =>
  environment[name.toLowerCase()]?.trim() || environment[name]?.trim() || undefined;

const proxyOf = (name: string, environment: Environment): string | undefined => {
  const text = setting(name, environment);
  if (text === undefined) return undefined;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  // What is there may hold a password.
  throw new EwbError("Options", `${name}: no address of a proxy found, http://host:port expected`);
};
