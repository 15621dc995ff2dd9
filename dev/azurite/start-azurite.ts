import { createRequire } from 'node:module';
import type { MovableClock } from '../clock.ts';
import { Child } from '../stack/child.ts';

export interface AzuriteOptions {
  readonly clock: MovableClock;
  /** Paths of PEM files. */
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly log: (line: string) => void;
}

export interface Azurite {
  readonly tablesUrl: string;
  readonly blobsUrl: string;
  readonly child: Child;
}

const account = 'devstoreaccount1';
const program = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');

/** Starts Microsoft's storage emulator over https with bearer tokens; what it stores ends with it. */
export async function startAzurite(options: AzuriteOptions): Promise<Azurite> {
  const { clock, certificateFile, keyFile, log } = options;
  const listen = ['blob', 'queue', 'table'].flatMap((service) => [
    `--${service}Host`,
    '127.0.0.1',
    `--${service}Port`,
    '0',
  ]);
  const child = new Child({
    name: 'Azurite',
    file: program,
    clock,
    args: [
      ...listen,
      ...['--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck'],
      ...['--cert', certificateFile, '--key', keyFile, '--oauth', 'basic'],
    ],
    onLine: log,
  });
  const urlOf = (service: string) =>
    child.waitFor((line) => new RegExp(`${service} service is successfully listening at (\\S+)`).exec(line)?.[1]);
  try {
    const [blobs, tables] = await Promise.all([urlOf('Blob'), urlOf('Table')]);
    return { blobsUrl: `${blobs}/${account}`, tablesUrl: `${tables}/${account}`, child };
  } catch (error) {
    child.kill();
    throw error;
  }
}
