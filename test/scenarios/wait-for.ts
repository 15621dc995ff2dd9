const pause = 100;

/** What `look` answers as soon as it answers something; rejects after `seconds`, with the last thing `tell` has to say. */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  { seconds = 30, tell = () => '' }: { seconds?: number; tell?: () => unknown } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} s for ${what}. ${tell()}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
