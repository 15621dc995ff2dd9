import type { AuditObject } from '../../audit/audit-object.ts';

/** What a prediction cannot know because one of the two directories is not in the input. */
export class ReadSides {
  #hasEntra = false;
  #hasActiveDirectory = false;
  #hasDirectoryRole = false;

  see({ origin }: AuditObject): void {
    if (origin?.side === 'entra') {
      this.#hasEntra = true;
      this.#hasDirectoryRole ||= origin.privileged !== undefined;
    } else this.#hasActiveDirectory = true;
  }

  notices(): string[] {
    if (!this.#hasActiveDirectory)
      return [
        'No object of Active Directory is in the input: there is nothing to synchronise, so nothing is predicted.',
      ];
    if (!this.#hasEntra)
      return [
        'No object of Entra is in the input, so every object counts as new. Nothing is said of matches with cloud objects, nor of values that cloud-only, guest or soft-deleted objects hold. Add them with --entra FILE.',
      ];
    return this.#hasDirectoryRole
      ? []
      : [
          'The input does not say which Entra objects hold a directory role, so no match is certain: origin.privileged says it.',
        ];
  }
}
