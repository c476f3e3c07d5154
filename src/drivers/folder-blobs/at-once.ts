// Does the same to many things, a few at a time.

/** Files that are copied at the same time. */
const AT_ONCE = 8;

/** Rejects with the first failure, once nothing is under way any more. */
export const eachAtOnce = async <T>(
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> => {
  const rest = items.values();
  let failure: { readonly error: unknown } | null = null;
  const work = async (): Promise<void> => {
    for (const item of rest) {
      if (failure !== null) return;
      try {
        await act(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
};
