import type { ObjectBatches } from '../../audit/audit.ts';
import type { MatchOption } from '../../audit/audit-settings.ts';
import type { FileInput } from './arguments.ts';

export interface FileOfForest extends FileInput {
  /** Of its objects that name none; null: it is not known. */
  readonly forest: string | null;
}

/**
 * A match option joins persons of several forests, and LDIF and CSV do not say of which an object is: then each of several
 * files stands for a forest of its own.
 */
export const inForests = (files: readonly FileInput[], { by }: MatchOption): FileOfForest[] =>
  files.map((file) => ({ ...file, forest: by !== 'none' && files.length > 1 ? file.path : null }));

export async function* ofForest(forest: string | null, batches: ObjectBatches): ObjectBatches {
  for await (const objects of batches)
    yield forest === null
      ? objects
      : objects.map((object) => ({ origin: { side: 'active-directory', forest }, ...object }));
}
