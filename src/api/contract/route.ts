// One thing that can be asked for, as a type: method and path as values, query, body and reply as
// types that travel with them.

/** One thing that can be asked for. `types` never holds a value; it carries types to the caller. */
export interface Route<
  P extends string = string,
  Query = unknown,
  Body = unknown,
  Reply = unknown,
> {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: P;
  /** JSON where nothing is said; `bytes`: the body is a file as it is, whatever its media type. */
  readonly sends?: "bytes";
  /** JSON where nothing is said. */
  readonly gives?: "text/calendar";
  readonly types?: { readonly query: Query; readonly body: Body; readonly reply: Reply };
}

export const get =
  <Reply, Query = None>() =>
  <const P extends string>(path: P): Route<P, Query, None, Reply> => ({
    method: "GET",
    path,
  });

export const post =
  <Body, Reply>(method: "POST" | "PUT" = "POST") =>
  <const P extends string>(path: P): Route<P, None, Body, Reply> => ({
    method,
    path,
  });

/** A file as it is, with what there is to say about it in the query. */
export const upload =
  <Reply, Query>() =>
  <const P extends string>(path: P): Route<P, Query, Uint8Array, Reply> => ({
    method: "POST",
    path,
    sends: "bytes",
  });

/** An iCalendar text. */
export const getCalendar = <const P extends string>(path: P): Route<P, None, None, string> => ({
  method: "GET",
  path,
  gives: "text/calendar",
});

/** Nothing that has a name. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type
export type None = Readonly<Record<never, never>>;

export type QueryOf<R> = R extends Route<string, infer Query> ? Query : never;

export type BodyOf<R> = R extends Route<string, unknown, infer Body> ? Body : never;

export type ReplyOf<R> = R extends Route<string, unknown, unknown, infer Reply> ? Reply : never;

export type ParamName<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

export type ParamsOf<P extends string> = Readonly<Record<ParamName<P>, string>>;
