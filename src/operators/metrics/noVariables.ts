/** What a metric knows of variables where no pipe tells it: none, so that any name is a compile error. */
export type NoVariables = Record<never, never>;
