// Paths as they are sent: parameters filled in, escaped, and the query behind them.

import type { ParamsOf } from "./route.ts";

/** The path with its parameters filled in, escaped, and the query behind it. */
export const pathTo = <P extends string>(
  path: P,
  params: ParamsOf<P>,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string => {
  const values = params as Readonly<Record<string, string>>;
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
};
