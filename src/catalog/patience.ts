/** How long a source is waited for where inputs still arrive, as a data set or a pipeline says it. */
import { duration } from "../kernels/duration.ts";
import type { Patience } from "../model/watching.ts";

/** Times as `12h` or `3d`, after the init of a forecast, after the valid time of a target. */
export interface PatienceText {
  /** What lacks something waits until then, and then counts as it is, provisionally. */
  readonly wait?: string;
  /** What is not there until then will not come. */
  readonly never?: string;
}

/** What the texts say, and everything that is wrong with them. */
export const readPatience = ({
  wait,
  never,
}: PatienceText): { readonly patience: Partial<Patience>; readonly problems: readonly string[] } => {
  const problems: string[] = [];
  const time = (name: string, text: string | undefined): number | undefined => {
    const found = text === undefined ? undefined : duration(text);
    if (text !== undefined && found === undefined)
      problems.push(`${name} is ${JSON.stringify(text)}; expected a time like 12h or 3d`);
    return found;
  };
  const deadline = time("wait", wait);
  const last = time("never", never);
  if (deadline !== undefined && last !== undefined && last < deadline)
    problems.push(`never (${never}) is before wait (${wait}); expected no less`);
  const patience = {
    ...(deadline === undefined ? {} : { deadline }),
    ...(last === undefined ? {} : { never: last }),
  };
  return { patience, problems };
};
