import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface PasswordEdges {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: NodeJS.ReadStream;
  readonly prompt: NodeJS.WriteStream;
}

export const passwordVariable = 'SYNCMEND_LDAP_PASSWORD';

/** From the environment, else asked for without showing it. @returns null when there is nobody to ask, or the answer is empty */
export async function readPassword(
  name: string,
  { environment, input, prompt }: PasswordEdges,
): Promise<string | null> {
  const given = environment[passwordVariable];
  if (given !== undefined && given !== '') return given;
  if (!input.isTTY) return null;
  prompt.write(`Password of ${name}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  try {
    // An empty password would sign in as nobody, and the controller would not say so (RFC 4513 5.1.2).
    return (await lines.question('')) || null;
  } finally {
    lines.close();
    prompt.write('\n');
  }
}
