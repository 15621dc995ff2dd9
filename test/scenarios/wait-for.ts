/**
 * What `look` answers as soon as it answers something; rejects after `seconds`, with what `tell` has to say.
 * @param pause milliseconds between two looks
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  { seconds = 60, pause = 100, tell = () => '' }: { seconds?: number; pause?: number; tell?: () => unknown } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} s for ${what}. ${tell()}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
