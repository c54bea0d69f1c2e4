import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Tls from "node:tls";
import { EwbError } from "../../model/errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that name a file of certificates, as Python's and curl's users have them set. */
const ours = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/**
 * The certificate authorities that are trusted beside Node's own: of the files that the environment names. Undefined
 * where it names none: Node then reads NODE_EXTRA_CA_CERTS by itself. Throws `Options`, with variable and file.
 */
export const authorities = (environment: Environment): Tls.SecureContext | undefined => {
  if (!ours.some((name) => environment[name])) return undefined;
  // Importing it unpacks all of Node's certificates, also for who needs none.
  const { createSecureContext, rootCertificates } = createRequire(import.meta.url)("node:tls") as typeof Tls;
  const files = [...ours, "NODE_EXTRA_CA_CERTS"].flatMap((name) => {
    const path = environment[name];
    return path ? [pemOf(name, path, createSecureContext)] : [];
  });
  return createSecureContext({ ca: [...rootCertificates, ...new Set(files)] });
};

const pemOf = (name: string, path: string, read: typeof Tls.createSecureContext): string => {
  const fault = (found: string, cause?: unknown) =>
    new EwbError(
      "Options",
      `${name}=${path}: ${found} found, a file of PEM certificates expected; correct the variable or unset it`,
      {},
      { cause },
    );
  try {
    const text = readFileSync(path, "utf8");
    if (!text.includes("-----BEGIN CERTIFICATE-----")) throw fault("no certificate");
    read({ ca: text });
    return text;
  } catch (error) {
    if (error instanceof EwbError) throw error;
    throw fault((error as { code?: string }).code ?? "no certificate", error);
  }
};
