import type { Audit } from '../../src/compose.ts';
import type { SealedEvent } from '../../src/domain/audit-chain.ts';
import type { Case } from '../../src/domain/case.ts';

/** Somebody with write access to the table, who does what the product never does. */
export interface Intruder {
  changeEvent(id: string, sequence: number, change: (event: SealedEvent) => object): Promise<void>;
  removeEvent(id: string, sequence: number): Promise<void>;
  changeProjection(id: string, change: (projection: Case) => object): Promise<void>;
  removeProjection(id: string): Promise<void>;
}

/** A store to audit, empty. */
export interface AuditGround {
  readonly audit: Audit;
  readonly intruder: Intruder;
  /** Stores a piece of evidence under the hash; answers whether one is there. */
  putEvidence(hash: string): Promise<void>;
  hasEvidence(hash: string): Promise<boolean>;
}
