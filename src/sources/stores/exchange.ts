import type { Dispatcher } from "undici";
import type { Stages } from "../../model/stages.ts";
import { discard } from "./body.ts";
import type { Hosts } from "./hosts.ts";
import { isRedirect, mostRedirects, redirectTarget } from "./redirect.ts";
import { AnswerFault } from "./storeFault.ts";

const theObject = "the object itself";

export interface Asked {
  readonly url: URL;
  /** Sent to every host. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent to the host of `url` only. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly onRequest: () => void;
  readonly stages: Stages | undefined;
}

/** The header of that name; of several the first. */
export const header = (response: Dispatcher.ResponseData, name: string): string | undefined => {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/**
 * One GET, redirects followed (at most five). `take` gets the answer that is none and must read or drop its body;
 * the host's limit holds until it is done. A host of a redirect gets none of the secrets.
 */
export async function exchange<T>(
  hosts: Hosts,
  asked: Asked,
  take: (response: Dispatcher.ResponseData) => Promise<T>,
): Promise<T> {
  let url = asked.url;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const { pool, limit } = hosts.of(url.origin);
    const trusted = url.origin === asked.url.origin;
    const hop = async (): Promise<{ value: T } | URL> => {
      asked.onRequest();
      const answered = asked.stages?.begin("waitStore");
      const response = await pool
        .request({
          method: "GET",
          path: `${url.pathname}${url.search}`,
          headers: trusted ? { ...asked.headers, ...asked.secrets } : asked.headers,
          ...(asked.signal === undefined ? {} : { signal: asked.signal }),
        })
        .finally(answered);
      if (!isRedirect(response.statusCode)) {
        const read = asked.stages?.begin("read");
        const value = await take(response).finally(read);
        // A connection is free a moment after its answer: who asks before that opens another.
        await new Promise((resolve) => setImmediate(resolve));
        return { value };
      }
      await discard(response.body);
      const target = redirectTarget(
        url,
        header(response, "location"),
        header(response, "x-amz-bucket-region"),
      );
      if (typeof target === "string") throw new AnswerFault(target, theObject);
      return target;
    };
    const outcome = await limit.run(hop, asked.signal);
    if (!(outcome instanceof URL)) return outcome.value;
    url = outcome;
  }
  throw new AnswerFault(`more than ${mostRedirects} redirects`, theObject);
}
