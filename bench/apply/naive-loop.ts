/*
 * What a script would do, in a process of its own: one PATCH after another, and after a 429 a pause of Retry-After. Takes
 * one message with what to write and sends the milliseconds from the first write to the last.
 */
import { setTimeout as pause } from 'node:timers/promises';

export interface NaiveOrder {
  readonly url: string;
  readonly token: string;
  readonly renames: readonly { readonly id: string; readonly userPrincipalName: string }[];
}

process.once('message', (order: NaiveOrder) => void run(order));

async function run({ url, token, renames }: NaiveOrder): Promise<void> {
  let first: number | undefined;
  let last = 0;
  for (const { id, userPrincipalName } of renames) {
    for (;;) {
      const response = await fetch(`${url}/users/${id}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ userPrincipalName }),
      });
      await response.arrayBuffer();
      if (response.ok) break;
      if (response.status !== 429) throw new Error(`Graph answered ${response.status}.`);
      await pause(Number(response.headers.get('retry-after')) * 1000);
    }
    last = performance.now();
    first ??= last;
  }
  process.send?.(last - (first ?? last), undefined, undefined, () => process.exit());
}
