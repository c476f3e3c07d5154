// The end of an exhaustive switch: a kind that nobody thought of does not compile.

export const assertNever = (value: never): never => {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
};
